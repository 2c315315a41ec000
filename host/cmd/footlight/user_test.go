package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"
	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/person"
)

const remembering = `
+ i am *
- <set name=<formal>>Hello, <get name>! <delay seconds=110> Still there, <get name>?

+ who am i
- You are <get name>.

+ remind me
- I will. ^reminder(tea, "Tea for <get name>.", 2 hours)
`

// footlight runs one command in the folder of a theatre, beside its hosts.
func (th *theatre) footlight(args ...string) (string, error) {
	th.t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir = th.dir
	cmd.Env = append(append(os.Environ(), asProgram+"=1"), th.settings()...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (th *theatre) command(args ...string) string {
	th.t.Helper()
	out, err := th.footlight(args...)
	if err != nil {
		th.t.Fatalf("footlight %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// scan reads every key and value of a store, as raw bytes. Nobody may have a file open.
func scan(t *testing.T, store string) string {
	t.Helper()
	var all strings.Builder
	if path, ok := strings.CutPrefix(store, "bolt:"); ok {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		err = db.View(func(tx *bbolt.Tx) error {
			return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
				return b.ForEach(func(k, v []byte) error {
					_, _ = all.WriteString(string(k) + "=" + string(v) + "\n")
					return nil
				})
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		return all.String()
	}
	o, err := goredis.ParseURL(store)
	if err != nil {
		t.Fatal(err)
	}
	client := goredis.NewClient(o)
	defer func() { _ = client.Close() }()
	keys, err := client.Keys(t.Context(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		all.WriteString(key + "=" + value(t.Context(), client, key) + "\n")
	}
	return all.String()
}

func value(ctx context.Context, c *goredis.Client, key string) string {
	var got any
	switch c.Type(ctx, key).Val() {
	case "hash":
		got = c.HGetAll(ctx, key).Val()
	case "zset":
		got = c.ZRange(ctx, key, 0, -1).Val()
	case "list":
		got = c.LRange(ctx, key, 0, -1).Val()
	case "set":
		got = c.SMembers(ctx, key).Val()
	default:
		got = c.Get(ctx, key).Val()
	}
	data, _ := json.Marshal(got)
	return string(data)
}

// TestUser looks after somebody beside running hosts: on Redis under the lease of the
// conversation, on a file through the host that has it open; then erases them, and
// nothing by which they could be known is left (rule 16 of messenger.md section 9).
func TestUser(t *testing.T) {
	stages(t, func(t *testing.T, store string, hosts int) {
		th := openScene(t, scene{store: store, files: map[string]string{"default.topic": remembering}, people: 2})
		for range hosts {
			th.start()
		}
		other := th.emulator.People()[1].ID
		th.act(emulator.Action{Kind: "say", Person: other, Text: "I am Zebulon"})
		th.say("I am Quincy")
		th.await(1)
		th.say("remind me")
		th.await(2)

		if out := th.command("user", "list"); !strings.Contains(out, th.person+"\n") || !strings.Contains(out, other+"\n") {
			t.Errorf("list: %s", out)
		}
		out := th.command("user", "show", th.page, th.person)
		for _, want := range []string{"person " + th.person, "Quincy", "open until", "reminders: 1", "Tea for Quincy."} {
			if !strings.Contains(out, want) {
				t.Errorf("show does not say %q:\n%s", want, out)
			}
		}
		var p person.Portrait
		if err := json.Unmarshal([]byte(th.command("user", "show", other, "--json")), &p); err != nil || len(p.Sends) != 1 || !strings.Contains(p.Sends[0].Text, "Still there, Zebulon?") {
			t.Errorf("show --json: %+v, %v", p, err)
		}
		th.command("user", "set", th.person, "name=Rosalind")
		th.say("who am I")
		if got := th.await(3); got[2].Text != "You are Rosalind." {
			t.Errorf("after the change the bot says %q", got[2].Text)
		}
		if out := th.command("user", "export", th.person); !strings.Contains(out, "Rosalind") || !strings.Contains(out, "i am quincy") {
			t.Errorf("export: %s", out)
		}
		if out, err := th.footlight("user", "erase", th.person); err == nil || !strings.Contains(out, "add --yes") {
			t.Errorf("erase without a yes: %v\n%s", err, out)
		}
		th.command("user", "erase", th.person, "--yes")
		if out, err := th.footlight("user", "show", th.person); err == nil || !strings.Contains(out, "nothing is kept of this person") {
			t.Errorf("show after the erasure: %v\n%s", err, out)
		}
		th.command("user", "reset", other)
		for _, h := range th.running() {
			h.stop()
		}
		left := scan(t, store)
		for _, trace := range []string{th.person, "Quincy", "quincy", "Rosalind"} {
			if strings.Contains(left, trace) {
				t.Errorf("%q is left in the store", trace)
			}
		}
		if !strings.Contains(left, other) || strings.Contains(left, "Zebulon") {
			t.Error("the scan does not find who is kept, or finds what a reset has taken")
		}
		// The commands work without any host, too.
		if out := th.command("user", "list"); strings.TrimSpace(out) != other {
			t.Errorf("list without hosts: %q", out)
		}
		th.command("page", "pause", "--for", "1h")
		if out := th.command("page", "list"); !strings.Contains(out, th.page) {
			t.Errorf("paused pages: %q", out)
		}
		th.command("page", "resume")
	})
}

// TestTrace follows a message through the logs of real hosts, from the event to the receipt
// (rule 21); no line of theirs holds a text, a name or the id of a person (rule 15).
func TestTrace(t *testing.T) {
	stages(t, func(t *testing.T, store string, hosts int) {
		th := openScene(t, scene{store: store, files: map[string]string{"default.topic": remembering}})
		for range hosts {
			th.start()
		}
		th.say("I am Quincy")
		said := th.await(1)[0]
		th.act(emulator.Action{Kind: "read"})
		th.say("who am I")
		answer := th.await(2)[1]
		if err := th.emulator.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		args := []string{"trace", said.ID}
		for i, h := range th.running() {
			h.stop()
			path := filepath.Join(t.TempDir(), "log"+string(rune('0'+i)))
			if err := os.WriteFile(path, []byte(h.log.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, path)
			for _, private := range []string{"Quincy", "quincy", "who am", "You are", th.person} {
				if strings.Contains(h.log.String(), private) {
					t.Errorf("host %s wrote %q:\n%s", h.addr, private, h.log)
				}
			}
		}
		out := th.command(args...)
		for _, want := range []string{"heard    message, kept", "turn     taken", "default.topic:2", "send     delivered", said.ID, "receipt  was read"} {
			if !strings.Contains(out, want) {
				t.Errorf("the trace does not say %q:\n%s", want, out)
			}
		}
		if strings.Contains(out, answer.ID) {
			t.Errorf("the trace tells of another message:\n%s", out)
		}
		args[1] = "m_nobody"
		if out, err := th.footlight(args...); err == nil || !strings.Contains(out, "belongs to m_nobody") {
			t.Errorf("trace of nothing: %v\n%s", err, out)
		}
	})
}
