package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/messenger"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == bareMode || os.Args[1] == doorstepMode) {
		if err := serve(os.Args[1:], os.Stdin, os.Stdout); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// TestRun: real hosts, real stores, and a figure in every row; nobody is lost when a host is killed.
func TestRun(t *testing.T) {
	stores := onRedis + "," + onBolt
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("redis-server is not installed: apt-get install redis-server")
		}
		stores = onBolt
	}
	program := filepath.Join(t.TempDir(), "footlight")
	if text, err := exec.Command("go", "build", "-o", program, "../footlight").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var out, log bytes.Buffer
	if err := run(t.Context(), []string{"-footlight", program, "-stores", stores, "-people", "4", "-time", "500ms", "-soak", "500ms", "-reloads", "3", "-attacks", "a plug-in: for", "-json"}, &out, &log); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	var s sheet.Sheet
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	positive := func(table, row, name string) {
		t.Helper()
		if v, ok := s.Find(table, 0, row, name); !ok || v <= 0 {
			t.Errorf("%s, %s, %s: %v, %v", table, row, name, v, ok)
		}
	}
	positive(acceptTable, bareRow, "rate")
	for _, kind := range strings.Split(stores, ",") {
		positive(acceptTable, kind, "of bare")
		positive(turnsTable, kind+", "+fullRow, "turns")
		positive(turnsTable, kind+", "+halfRow, "ack p99")
		if runtime.GOOS == "linux" {
			positive(budgetTable, kind, "host")
		}
		positive(burstTable, kind, "mean, one to many")
		positive(soakTable, kind, "last quarter")
		positive(reloadTable, kind, "reloads")
	}
	for _, name := range []string{"p99 ratio", "attacks"} {
		positive(besideTable, "a plug-in: for ever", name)
	}
	if stores == onBolt {
		return
	}
	positive(publishedTable, onRedis, "killed host back")
	for _, table := range []string{killedTable, publishedTable} {
		positive(table, onRedis, "answered")
		for _, name := range []string{"lost", "wrong answers"} {
			if v, ok := s.Find(table, 0, onRedis, name); !ok || v != 0 {
				t.Errorf("%s: %s: %v, %v", table, name, v, ok)
			}
		}
	}
}

// TestFlags: what makes no sense is refused, with what to write instead.
func TestFlags(t *testing.T) {
	for _, row := range []struct {
		args []string
		want string
	}{
		{[]string{"-stores", "mysql"}, "-stores mysql: write redis, bolt or both"},
		{[]string{"-only", "soak"}, "-only soak: write some of accept, turns, burst, reloads, beside, killed, published"},
		{[]string{"-people", "0"}, "-people is 0; write a number from 1 to 1024"},
		{[]string{"-time", "0s"}, "-time is 0s; it takes more than nothing"},
		{[]string{"-age", "-1s"}, "-soak and -age cannot be negative"},
		{[]string{"now"}, `"now": there are only flags`},
	} {
		if err := run(context.Background(), row.args, io.Discard, io.Discard); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%v: %v, want %s…", row.args, err, row.want)
		}
	}
}

// TestAudit: a person tells a late double from a wrong count.
func TestAudit(t *testing.T) {
	for _, row := range []struct {
		name    string
		replies []string
		want    audit
	}{
		{"as it should be", []string{"3: ticket 3"}, audit{answered: 1}},
		{"the one before once more", []string{"2: ticket 2", "3: ticket 3"}, audit{answered: 1, doubled: 1}},
		{"counted twice", []string{"4: ticket 3"}, audit{wrong: 1}},
		{"something else", []string{"what?"}, audit{wrong: 1}},
		{"by one version", []string{"2: ticket 2 (4/4/4)", "3: ticket 3 (5/5/5)"}, audit{answered: 1, doubled: 1}},
		{"by two versions", []string{"3: ticket 3 (5/5/4)"}, audit{wrong: 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newStopwatch(io.Discard)
			one := &person{id: "1", said: 3, replies: make(chan string, maxReplies)}
			for _, r := range row.replies {
				one.replies <- r
			}
			var got audit
			s.collect(t.Context(), one, &got)
			if got != row.want {
				t.Errorf("%+v, want %+v", got, row.want)
			}
		})
	}
}

// TestAnswered: an answer is that to what was said last, by one edition of the bot, and by none that is older than
// the one before.
func TestAnswered(t *testing.T) {
	for reply, want := range map[string]string{
		"3: ticket 3 (7/7/7)": "", "3: ticket 3 (8/8/8)": "", "3: ticket 3 (7/7/8)": "two versions", "3: ticket 3 (7/8/7)": "two versions",
		"2: ticket 2": "not", "3: ticket 2 (7/7/7)": "not", "3: ticket 3 (6/6/6)": "edition 6 after edition 7", "3: ticket 3 (?/?/?)": "no edition",
	} {
		one := &person{id: "1", said: 3, edition: 7, replies: make(chan string, maxReplies)}
		one.replies <- reply
		if err := one.answered(t.Context(), nil); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", reply, err, want)
		}
	}
}

// TestFootprint: pages of files are no memory of the host's own.
func TestFootprint(t *testing.T) {
	for _, row := range []struct {
		statm string
		want  footprint
		ok    bool
	}{
		{"314000 19000 10500 4300 0 25000 0\n", footprint{own: 8500 * 4096, mapped: 10500 * 4096}, true},
		{"314000 19000", footprint{}, false},
		{"", footprint{}, false},
		{"a b c", footprint{}, false},
	} {
		if got, ok := readFootprint(row.statm, 4096); got != row.want || ok != row.ok {
			t.Errorf("%q: %+v, %t", row.statm, got, ok)
		}
	}
}

// TestBalancer: a post goes to the hosts in turn, and past one that is gone, with its whole body each time.
func TestBalancer(t *testing.T) {
	var got []string
	host := func(name string) string {
		s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			got = append(got, name+" "+r.URL.Path+" "+string(body))
		}))
		t.Cleanup(s.Close)
		return s.Listener.Addr().String()
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	var b balancer
	post := func(body string) error {
		answer, err := (&http.Client{Transport: &b}).Post(callback, "application/json", strings.NewReader(body))
		if err != nil {
			return err
		}
		return answer.Body.Close()
	}
	if err := post("0"); !errors.Is(err, errNoHost) {
		t.Errorf("without hosts: %v", err)
	}
	b.serve(host("a"), gone.Listener.Addr().String(), host("c"))
	for i := range 4 {
		if err := post(fmt.Sprint(i)); err != nil {
			t.Error(err)
		}
	}
	if want := []string{"c /webhook 0", "c /webhook 1", "a /webhook 2", "c /webhook 3"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if answer, err := (&http.Client{Transport: &b}).Get(callback); err != nil { // the challenge, which has no body
		t.Error(err)
	} else if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
}

// TestProcessorTime: it is found behind a name that looks like the rest of the line.
func TestProcessorTime(t *testing.T) {
	const rest = " S 1 1 1 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 9 0 1 1 1"
	for _, row := range []struct {
		stat string
		want time.Duration
		ok   bool
	}{
		{"7 (host)" + rest, 2 * time.Second, true},
		{"7 (a) S 9 (b)" + rest, 2 * time.Second, true},
		{"7 (host) S 1", 0, false},
		{"", 0, false},
	} {
		if got, ok := processorTime([]byte(row.stat)); got != row.want || ok != row.ok {
			t.Errorf("%q: %s, %v", row.stat, got, ok)
		}
	}
}

// TestCounted: shares are taken of what is sorted, and of nothing at all.
func TestCounted(t *testing.T) {
	c := counted{took: []time.Duration{1, 2, 3, 4}, elapsed: 2 * time.Second}
	if c.share(half) != 3 || c.share(nearlyAll) != 4 || c.rate() != 2 || (counted{}).share(half) != 0 {
		t.Errorf("%v %v %v", c.share(half), c.share(nearlyAll), c.rate())
	}
}

// TestPen: what is written is signed, and reads as a message of that person.
func TestPen(t *testing.T) {
	p := newPen()
	at := time.UnixMilli(1_700_000_000_000)
	for n := range 3 {
		request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(p.webhook(pageID, "246801350000000", n, at, "ticket"))))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(request.Body)
		if err != nil || int64(len(body)) != request.ContentLength {
			t.Fatalf("%d bytes of %d: %v", len(body), request.ContentLength, err)
		}
		if got := request.Header.Get(messenger.HeaderSignature); got != messenger.Sign(appSecret, body) {
			t.Errorf("%d: signature %q", n, got)
		}
		var v struct {
			Entry []struct {
				ID        string
				Messaging []struct {
					Sender    struct{ ID string }
					Timestamp int64
					Message   struct{ Text, MID string }
				}
			}
		}
		if err := json.Unmarshal(body, &v); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		m := v.Entry[0].Messaging[0]
		if v.Entry[0].ID != pageID || m.Sender.ID != "246801350000000" || m.Timestamp != at.UnixMilli() || m.Message.Text != "ticket" ||
			!strings.HasPrefix(m.Message.MID, fmt.Sprintf("m_246801350000000_%d_", n)) {
			t.Errorf("%d: %s", n, body)
		}
	}
}
