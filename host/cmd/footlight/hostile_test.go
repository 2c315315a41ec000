package main

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// echoing is a bot that counts what it hears and repeats it.
const echoing = "+ say *\n- <add n=1><get n>: <star>\n"

// maxBody is how many bytes a webhook may have (messenger.md section 9, rule 1).
const maxBody = 10 << 20

// wire makes webhooks by hand.
type wire struct {
	th     *theatre
	people []string
	want   [][]string // what each has to hear
	mids   int
}

// element is a message of the n-th person, as it stands in messaging[].
func (w *wire) element(n int, text string) string {
	w.mids++
	return fmt.Sprintf(`{"sender":{"id":"%s"},"recipient":{"id":"%s"},"timestamp":%d,"message":{"mid":"m_hand_%d","text":"%s"}}`,
		w.people[n], w.th.page, w.th.emulator.Now().UnixMilli(), w.mids, text)
}

// entry is an entry of the Page with elements.
func (w *wire) entry(elements ...string) string {
	return fmt.Sprintf(`{"id":"%s","time":1,"messaging":[%s]}`, w.th.page, strings.Join(elements, ","))
}

// page is a body with entries.
func (w *wire) body(entries ...string) string {
	return `{"object":"page","entry":[` + strings.Join(entries, ",") + `]}`
}

// say is a body with one message.
func (w *wire) say(n int, text string) string { return w.body(w.entry(w.element(n, text))) }

// padded is a body of so many bytes.
func padded(body string, size int) string {
	return body[:len(body)-1] + `,"pad":"` + strings.Repeat("x", size-len(body)-len(`,"pad":""`)) + `"}`
}

func zipped(body string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(body)) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.String()
}

// signature is the hexadecimal HMAC of a body.
func signature(digest func() hash.Hash, secret, body string) string {
	mac := hmac.New(digest, []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

// said is what a person has said as far as the bot is concerned.
type said struct {
	person int
	text   string
}

// TestHostileWebhooks posts what Messenger would not, or seldom, to a real host: each
// gets the answer of messenger.md section 2, and after each exactly the right messages
// were answered.
func TestHostileWebhooks(t *testing.T) {
	th := openScene(t, scene{store: boltFile(t), files: map[string]string{"default.topic": echoing}, people: 3})
	h := th.start()
	w := &wire{th: th}
	for _, p := range th.emulator.People() {
		w.people = append(w.people, p.ID)
	}
	w.want = make([][]string, len(w.people))
	secret := th.emulator.Apps()[0].Secret
	const signed, old = "X-Hub-Signature-256", "X-Hub-Signature"
	header := func(name, value string) func(http.Header) {
		return func(h http.Header) { h.Set(name, value) }
	}
	repeat := w.say(0, "say thrice")
	double := w.element(1, "say double")
	w.check(t, nil) // everybody has written to the Page, so that it may answer
	for _, row := range []struct {
		name   string
		body   string
		change func(http.Header) // of the header, which is right
		status int
		times  int  // 0: once
		cut    bool // the host may also hang up while it is still being told
		heard  []said
	}{
		{name: "as it should be", body: w.say(0, "say hello"), status: 200, heard: []said{{0, "hello"}}},
		{name: "signature of another body", body: w.say(0, "say a"), change: header(signed, "sha256="+signature(sha256.New, secret, "{}")), status: 403},
		{name: "signature of another secret", body: repeat, change: header(signed, "sha256="+signature(sha256.New, secret+"x", repeat)), status: 403},
		{name: "no signature", body: w.say(0, "say c"), change: func(h http.Header) { h.Del(signed); h.Del(old) }, status: 403},
		{name: "sha-1 only", body: w.say(0, "say d"), change: func(h http.Header) { h.Del(signed) }, status: 403},
		{name: "sha-1 under the other name", body: repeat, change: header(signed, "sha1="+signature(sha1.New, secret, repeat)), status: 403},
		{name: "signature cut short", body: repeat, change: header(signed, "sha256="+signature(sha256.New, secret, repeat)[:32]), status: 403},
		{name: "two equals signs", body: repeat, change: header(signed, "sha256=="+signature(sha256.New, secret, repeat)), status: 403},
		{name: "empty signature", body: repeat, change: header(signed, ""), status: 403},
		{name: "no JSON", body: "say hello", status: 400},
		{name: "JSON cut off", body: w.say(0, "say e")[:120], status: 400},
		{name: "JSON, but no object", body: `[` + w.say(0, "say f") + `]`, status: 400},
		{name: "nested deeper than any parser goes", body: strings.Repeat(`{"a":`, 100_000), status: 400},
		{name: "empty body", body: "", status: 400},
		{name: "another object", body: strings.Replace(w.say(0, "say g"), `"page"`, `"instagram"`, 1), status: 404},
		{name: "no entries", body: w.body(), status: 200},
		{name: "two events in one entry", body: w.body(w.entry(w.element(0, "say one"), w.element(0, "say two"))), status: 200, heard: []said{{0, "one"}, {0, "two"}}},
		{
			name: "many people in many entries", status: 200,
			body:  w.body(w.entry(w.element(2, "say x"), w.element(1, "say y")), w.entry(w.element(0, "say z")), w.entry(w.element(1, "say yy"), w.element(2, "say xx"))),
			heard: []said{{2, "x"}, {1, "y"}, {0, "z"}, {1, "yy"}, {2, "xx"}},
		},
		{
			name: "events among what nobody understands", status: 200,
			body: w.body(`null`, `7`, `{"id":7}`, w.entry(`null`, `"text"`, `{"sender":{"id":"`+w.people[0]+`"},"telepathy":{}}`, w.element(0, "say still here"), `{"message":[]}`),
				`{"id":"`+th.page+`","changes":[{"field":"feed","value":{}}]}`),
			heard: []said{{0, "still here"}},
		},
		{name: "the same POST three times", body: repeat, times: 3, status: 200, heard: []said{{0, "thrice"}}},
		{name: "the same event twice in a POST", body: w.body(w.entry(double, double), w.entry(double)), status: 200, heard: []said{{1, "double"}}},
		{name: "standby", body: strings.Replace(w.say(0, "say h"), `"messaging"`, `"standby"`, 1), status: 200},
		{name: "echo", body: strings.Replace(w.say(0, "say i"), `"mid"`, `"is_echo":true,"app_id":263902037430900,"mid"`, 1), status: 200},
		{name: "escaped", body: w.say(1, `say gr\u00fc\u00dfe \ud83c\udfad`), status: 200, heard: []said{{1, "grüße 🎭"}}},
		{name: "raw UTF-8", body: w.say(1, "say grüße 🎭"), status: 200, heard: []said{{1, "grüße 🎭"}}},
		{name: "gzip", body: zipped(w.say(2, "say squeezed")), change: header("Content-Encoding", "gzip"), status: 200, heard: []said{{2, "squeezed"}}},
		{name: "gzip of too much", body: zipped(padded(w.say(2, "say j"), maxBody+1)), change: header("Content-Encoding", "gzip"), status: 413},
		{name: "no gzip in spite of the header", body: w.say(2, "say k"), change: header("Content-Encoding", "gzip"), status: 400},
		{name: "another encoding", body: w.say(2, "say l"), change: header("Content-Encoding", "br"), status: 415},
		{name: "as large as may be", body: padded(w.say(0, "say large"), maxBody), status: 200, heard: []said{{0, "large"}}},
		{name: "a byte too large", body: padded(w.say(0, "say m"), maxBody+1), status: 413},
		{name: "far too large", body: padded(w.say(0, "say n"), 2*maxBody), status: 413, cut: true},
		{
			name: "a sender whom no store can name, among others", status: 200,
			body: w.body(w.entry(strings.Replace(w.element(0, "say o"), w.people[0], "../"+strings.Repeat("9", 100), 1), w.element(1, "say alive"))), heard: []said{{1, "alive"}},
		},
		{
			name: "a message that no store can take, among others", status: 200,
			body: w.body(w.entry(w.element(0, "say "+strings.Repeat("o", 3<<20)), w.element(1, "say alive too"))), heard: []said{{1, "alive too"}},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			for range max(1, row.times) {
				got, err := w.post(t, h, row.body, row.change)
				if err != nil && !row.cut || err == nil && got != row.status {
					t.Errorf("answer %d (%v), want %d", got, err, row.status)
				}
			}
			w.check(t, row.heard)
		})
	}
}

// post sends a body to a host, rightly signed but for the change, and returns the status.
func (w *wire) post(t *testing.T, h *host, body string, change func(http.Header)) (int, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+h.addr+"/webhook", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	secret := w.th.emulator.Apps()[0].Secret
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Hub-Signature-256", "sha256="+signature(sha256.New, secret, body))
	r.Header.Set("X-Hub-Signature", "sha1="+signature(sha1.New, secret, body))
	if change != nil {
		change(r.Header)
	}
	client := http.Client{Timeout: 5 * time.Second} // as long as the platform waits
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	_ = answer.Body.Close()
	return answer.StatusCode, nil
}

// check lets everybody say one thing more. Whatever came before is answered before that.
func (w *wire) check(t *testing.T, heard []said) {
	t.Helper()
	const probe = "over"
	for _, s := range heard {
		w.expect(s)
	}
	for n, person := range w.people {
		w.th.act(emulator.Action{Kind: "say", Person: person, Text: "say " + probe})
		w.expect(said{n, probe})
		w.th.until("the answer to "+probe, func() bool { return len(w.th.heardBy(person)) >= len(w.want[n]) })
		if diff := cmp.Diff(w.want[n], texts(w.th.heardBy(person))); diff != "" {
			t.Errorf("person %d heard something else (-want +got):\n%s", n, diff)
		}
	}
}

func (w *wire) expect(s said) {
	w.want[s.person] = append(w.want[s.person], fmt.Sprintf("%d: %s", len(w.want[s.person])+1, s.text))
}

// TestServeRefusesToStart: without its secrets a host would be open to anybody.
func TestServeRefusesToStart(t *testing.T) {
	th := open(t, boltFile(t), map[string]string{"default.topic": echoing})
	for _, name := range []string{"FOOTLIGHT_APP_SECRET", "FOOTLIGHT_VERIFY_TOKEN", "FOOTLIGHT_PAGE_TOKEN"} {
		t.Run(name, func(t *testing.T) {
			p := launch(t, th.dir, append(th.settings(), name+"="), func(string) bool { return false }, "serve", th.dir)
			if p.code() != 2 {
				t.Errorf("exit code %d, want 2", p.code())
			}
			if said := p.log.String(); !strings.Contains(said, name+" is not set") || strings.Count(said, "\n") != 1 {
				t.Errorf("it said:\n%s", said)
			}
		})
	}
}
