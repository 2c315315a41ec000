package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// labelled is the counting bot with the name of its version.
func labelled(version string) string { return counting + "\n+ version\n- " + version + "\n" }

// published is what footlight versions --json writes.
type published struct {
	Bot      string            `json:"bot"`
	Versions []release.Version `json:"versions"`
	Orders   []release.Order   `json:"orders"`
	Hosts    []release.Report  `json:"hosts"`
}

// printer publishes versions of a theatre's bot.
type printer struct {
	th  *theatre
	key string
}

func newPrinter(th *theatre) *printer {
	th.t.Helper()
	p := &printer{th, filepath.Join(th.t.TempDir(), "publisher.key")}
	p.trust(p.publish("v0"))
	return p
}

// trust has hosts started from now on play what the publisher of the first version publishes, who is told what to
// set for that.
func (p *printer) trust(out string) {
	p.th.t.Helper()
	key := regexp.MustCompile(`FOOTLIGHT_PUBLISHERS=(\S+)`).FindStringSubmatch(out)
	if key == nil {
		p.th.t.Fatalf("publish shows no key:\n%s", out)
	}
	p.th.serve, p.th.more = []string{"serve"}, []string{"FOOTLIGHT_PUBLISHERS=" + key[1], "FOOTLIGHT_BOT=tea"}
}

// save writes a version of the script.
func (p *printer) save(version string) {
	if err := os.WriteFile(filepath.Join(p.th.dir, "default.topic"), []byte(labelled(version)), 0o600); err != nil {
		p.th.t.Error(err)
	}
}

func (p *printer) publish(version string, more ...string) string {
	p.th.t.Helper()
	p.save(version)
	return p.th.command(append([]string{"publish", ".", "--bot", "tea", "--key", p.key, "--note", version}, more...)...)
}

func (p *printer) versions() (out published) {
	p.th.t.Helper()
	if err := json.Unmarshal([]byte(p.th.command("versions", "--json")), &out); err != nil {
		p.th.t.Fatal(err)
	}
	return out
}

// everywhere tells whether each running host plays the newest order.
func (p *printer) everywhere() bool {
	p.th.t.Helper()
	all := p.versions()
	order := all.Orders[len(all.Orders)-1]
	following := 0
	for _, h := range p.th.running() {
		for _, r := range all.Hosts {
			if strings.HasSuffix(r.Host, " "+h.addr) && r.Order == order.Number && r.Stage == order.Stage && r.Fault == "" {
				following++
			}
		}
	}
	return following == len(p.th.running())
}

// TestPublishedWhileTalking publishes and rolls back while people talk with three hosts and one
// of them is killed and started again: every message is answered, once, in order, and all
// hosts end on the version that was ordered last.
func TestPublishedWhileTalking(t *testing.T) {
	const seed, rounds = 1, 6
	th := openScene(t, scene{store: redistest.Start(t), people: speakers, pace: hurry})
	p := newPrinter(th)
	d := newDoom(th, rand.NewPCG(seed, 0), 1)
	for range 3 {
		th.start()
	}
	over := make(chan error, 1)
	go func() {
		var failed error
		for i := range rounds {
			p.save(fmt.Sprintf("v%d", i%3+1))
			args := []string{"publish", ".", "--bot", "tea", "--key", p.key, "--wait", "1s"}
			if i%3 == 2 {
				args = []string{"rollback", "--key", p.key, "--wait", "1s"}
			}
			// A host that was killed does not follow: that is told, and no failure here.
			if out, err := th.footlight(args...); err != nil && !strings.Contains(out, "not playing what was ordered") {
				failed = fmt.Errorf("%v: %w\n%s", args, err, out)
			}
		}
		over <- failed
	}()
	d.converse(true)
	if err := <-over; err != nil {
		t.Fatal(err)
	}
	p.save("last")
	_, _ = th.footlight("publish", ".", "--bot", "tea", "--key", p.key)
	if !p.everywhere() {
		t.Errorf("not all hosts play what was ordered last: %+v", p.versions().Hosts)
	}
	want := len(th.heard())
	for range 6 {
		th.say("version")
		want++
		if got := texts(th.await(want)); got[want-1] != "last" {
			t.Errorf("answered by version %q", got[want-1])
		}
	}
}

// TestPublish goes through the life of a version as its author does, with one host on a file
// that it has open all the while.
func TestPublish(t *testing.T) {
	th := openScene(t, scene{store: boltFile(t)})
	p := newPrinter(th)
	th.start()
	asked := 0
	expect := func(want string) {
		t.Helper()
		th.say("version")
		asked++
		if got := texts(th.await(asked)); got[asked-1] != want {
			t.Errorf("%q, want %q", got[asked-1], want)
		}
	}
	tells := func(out string, want ...string) {
		t.Helper()
		for _, text := range want {
			if !strings.Contains(out, text) {
				t.Errorf("nothing says %q:\n%s", text, out)
			}
		}
	}
	signed := func(args ...string) string { t.Helper(); return th.command(append(args, "--key", p.key)...) }
	expect("v0")
	tells(p.publish("v1"), "version 2 of tea", "on stage: version 2", "plays version 2")
	expect("v1")
	tells(signed("rollback"), "on stage: version 1")
	expect("v0")
	tells(p.publish("v2", "--canary", "99.99%"), "on stage: version 1", "for 99.99% of the people: version 3", "and to some version 3")
	expect("v2")
	tells(signed("canary", "0.01%"), "for 0.01% of the people")
	expect("v0")
	tells(signed("canary", "promote"), "on stage: version 3")
	expect("v2")
	tells(th.command("versions"), "   3  ", "on stage", "v2", "plays version 3")
	tells(th.command("diff", "1", "3"), "~ topic default (~ version)", "changed default.topic", "-- v0", "+- v2")

	// What does not build, and tests that fail, are not published.
	for text, want := range map[string]string{
		"+ (x\n- y\n":  "a version with errors is not published",
		labelled("v3"): "1 of 1 tests failed; nothing was published",
	} {
		for name, text := range map[string]string{"default.topic": text, "tea.chat": "test \"the wrong version\"\n> version\n< v7\n"} {
			if err := os.WriteFile(filepath.Join(th.dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out, err := th.footlight("publish", ".", "--bot", "tea", "--key", p.key)
		if err == nil {
			t.Errorf("it was published:\n%s", out)
		}
		tells(out, want)
	}
	expect("v2")
	tells(p.publish("v3", "--no-test"), "on stage: version 4")
	expect("v3")

	// A stranger who can write to the store puts nothing on stage.
	stranger := filepath.Join(t.TempDir(), "stranger.key")
	p.save("evil")
	out, err := th.footlight("publish", ".", "--bot", "tea", "--key", stranger, "--no-test", "--wait", "2s")
	if err == nil {
		t.Errorf("a stranger's version was played:\n%s", out)
	}
	tells(out, "none of the publishers this host trusts", "1 host not playing what was ordered")
	expect("v3")
	tells(p.publish("v4", "--no-test"), "plays version 6")
	expect("v4")

	// A host that starts anew is on the right version at once.
	th.kill(th.running()[0])
	th.start()
	expect("v4")
	th.kill(th.running()[0])
	if secret, _ := os.ReadFile(p.key); strings.Contains(scan(t, th.store), strings.TrimSpace(string(secret))) {
		t.Error("the store holds the publisher's secret")
	}
}
