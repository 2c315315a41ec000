package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/sandbox/wat"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// extras are the files of a bot whose every answer is made by a macro, a compiled plug-in and one in JavaScript,
// all of a version.
func extras(t *testing.T, version string) map[string]string {
	t.Helper()
	outcome := fmt.Sprintf(`{"text":"seal %s"}`, version)
	module := wat.Assemble(t, fmt.Sprintf(`(module
  (memory (export "memory") 1)
  (data (i32.const 0) "{\22version\22:\22%s\22,\22directions\22:[{\22name\22:\22seal\22}]}")
  (data (i32.const 256) "%s")
  (func (export "dir_abi_v1"))
  (func (export "dir_alloc") (param i32) (result i32) (i32.const 8192))
  (func (export "dir_call") (param i32 i32 i32) (result i64)
    (if (result i64) (local.get 0)
      (then (i64.const %d))
      (else (i64.const %d)))))`, version, strings.ReplaceAll(outcome, `"`, `\22`),
		256<<32|len(outcome), len(fmt.Sprintf(`{"version":"%s","directions":[{"name":"seal"}]}`, version))))
	return map[string]string{
		"default.topic": "> object greet javascript\n  return 'greeting " + version + " for ' + args[0];\n< object\n\n" +
			"+ i am *\n- <call>greet <star></call>, <seal>, <shout what=<star>>\n",
		"plugins/seal/seal.wasm": string(module),
		"plugins/shout/shout.js": "export const manifest = { version: '" + version + "', directions: [\n" +
			"  { name: 'shout', attributes: [{ name: 'what', kind: 'text', required: true }] },\n] };\n" +
			"export function run({ attributes }) { return 'shout " + version + " ' + attributes.what.toUpperCase(); }\n",
	}
}

// TestPublishedExtras publishes a bot with a macro and two plug-ins to two hosts on one Redis: both answer with what
// was published, and with nothing else, over a new version, a rollback, and the death of a host when the folder is gone.
func TestPublishedExtras(t *testing.T) {
	th := openScene(t, scene{store: redistest.Start(t)})
	key := filepath.Join(t.TempDir(), "publisher.key")
	order := func(args ...string) string {
		t.Helper()
		return th.command(append(args, "--bot", "tea", "--key", key)...)
	}
	publish := func(version string) string {
		t.Helper()
		for name, text := range extras(t, version) {
			th.save(t, filepath.FromSlash(name), text)
		}
		return order("publish", ".", "--note", version)
	}
	p := &printer{th, key}
	p.trust(publish("one"))
	th.start()
	th.start()

	people := 0
	expect := func(version string) {
		t.Helper()
		turns := map[*host]string{}
		for _, h := range th.running() {
			turns[h] = h.turns(t)
		}
		for i := 0; ; i++ { // until every host has taken its part: who takes a message is chance
			people++
			name := "ann" + strconv.Itoa(people)
			who, err := th.emulator.AddPerson(emulator.Person{})
			if err != nil {
				t.Fatal(err)
			}
			th.act(emulator.Action{Person: who.ID, Kind: "say", Text: "i am " + name})
			th.until("an answer to "+name, func() bool { return len(th.heardBy(who.ID)) > 0 })
			want := fmt.Sprintf("greeting %s for %s, seal %s, shout %s %s", version, name, version, version, strings.ToUpper(name))
			if got := texts(th.heardBy(who.ID)); len(got) != 1 || strings.TrimSpace(got[0]) != want {
				t.Fatalf("%q, want %q", got, want)
			}
			idle := 0
			for h, before := range turns {
				if h.turns(t) == before {
					idle++
				}
			}
			if idle == 0 {
				return
			}
			if i == 100 {
				t.Fatalf("%d of %d hosts have answered nobody", idle, len(turns))
			}
		}
	}
	expect("one")
	publish("two")
	expect("two")
	diff := th.command("diff", "1", "2", "--bot", "tea")
	for _, want := range []string{"macro greet", "plug-in seal", "plug-in shout"} {
		if !strings.Contains(diff, want) {
			t.Errorf("diff does not name %s:\n%s", want, diff)
		}
	}
	order("rollback")
	expect("one")

	entries, err := os.ReadDir(th.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(th.dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	th.kill(th.running()[0])
	th.start()
	expect("one")
	if !p.everywhere() {
		t.Errorf("not all hosts play what was ordered last: %+v", p.versions().Hosts)
	}
}
