package macro

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
)

// recorder is a Stage that grants all but the network and the clock, and notes what is done.
type recorder struct {
	plugin.Nobody
	did  []string
	kept map[string]string
}

func (r *recorder) note(format string, args ...any) {
	r.did = append(r.did, fmt.Sprintf(format, args...))
}

func (r *recorder) Log(level int32, text string) error { r.note("log %d %s", level, text); return nil }

func (r *recorder) Now() (time.Time, error)        { return time.Time{}, &plugin.Denied{Capability: "clock"} }
func (r *recorder) Random(p []byte) error          { clear(p); return nil }
func (r *recorder) Get(key string) (string, error) { return r.kept[key], nil }
func (r *recorder) Put(key, value string) (int32, error) {
	if value == "much" {
		return -2, nil
	}
	r.note("put %s=%s", key, value)
	return 0, nil
}
func (r *recorder) Swap(string, string, string) (int32, error) { return 1, nil }
func (r *recorder) HTTP(string) (string, error) {
	return "", &plugin.Denied{Capability: "http"}
}
func (r *recorder) Emit(text string) error { r.note("emit %s", text); return nil }
func (r *recorder) Cut() error             { r.note("cut"); return nil }
func (r *recorder) Delay(millis int32, keep bool) error {
	r.note("delay %d %v", millis, keep)
	return nil
}

func (r *recorder) Attach(element string) (int32, error) { r.note("attach %s", element); return 0, nil }

func (r *recorder) Quick(labels string) (int32, error)     { r.note("quick %s", labels); return 0, nil }
func (r *recorder) Read(name string) (string, bool, error) { return "", name == "empty", nil }
func (r *recorder) Write(name, value string) (int32, error) {
	r.note("write %s=%s", name, value)
	return 0, nil
}
func (r *recorder) Clear(name string) (int32, error) { r.note("clear %s", name); return 0, nil }
func (r *recorder) Topic(name string) error          { r.note("topic %s", name); return nil }
func (r *recorder) Remind(reminder string) (int32, error) {
	r.note("remind %s", reminder)
	return 0, nil
}
func (r *recorder) Silence() error { r.note("silence"); return nil }

// loadPlugin reads a plug-in whose run has this body.
func loadPlugin(t *testing.T, body string) *Plugin {
	t.Helper()
	p, err := LoadPlugin(t.Context(), pluginRuntime(t), "plugins/x/x.js", []byte(
		"export const manifest = { directions: [{ name: 'x' }] };\nlet seen = [];\nexport async function run({ attributes }, host) {\n"+body+"\n}"), maxMemory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func pluginRuntime(t *testing.T) *sandbox.Runtime {
	t.Helper()
	runtime, err := sandbox.New(sandbox.Config{CacheDir: filepath.Join(os.TempDir(), "footlight-test-cache")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := runtime.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return runtime
}

const pluginCall = `{"name":"x","attributes":{"to":"Ann"}}`

var pluginBudget = plugin.Budget{Time: 50 * time.Millisecond}

func TestPluginSays(t *testing.T) {
	tests := []struct{ name, body, output, did string }{
		{"a text", "return 'Hi ' + attributes.to;", `{"text":"Hi Ann"}`, ""},
		{"a number", "return 7;", `{"text":"7"}`, ""},
		{"nothing", "", "", ""},
		{"its own outcome", "return { error: 'no such place' };", `{"error":"no such place"}`, ""},
		{"an error of its own", "throw new Error('closed today');", `{"error":"closed today"}`, ""},
		{"after a promise", "return (await Promise.resolve('late'));", `{"text":"late"}`, ""},
		{"its log", "host.log('a', {b: 1}); host.warn('c'); console.error('d');", "", `log 1 a {"b":1}; log 2 c; log 3 d`},
		{"the stage", "host.emit('a'); host.cut(); host.delay(1.5, {keep: true}); host.silence(); host.topic('t');", "", "emit a; cut; delay 1500 true; silence; topic t"},
		{
			"elements", "host.quick('A', 'B'); host.attach('image', 'https://a'); host.remind('r', '2 hours', 'Hey'); host.cancel('r');", "",
			`quick ["A","B"]; attach {"name":"image","args":["https://a"]}; remind {"name":"r","time":"2 hours","text":"Hey"}; remind {"name":"r","cancel":true}`,
		},
		{"variables", "host.write('n', 5); host.clear('m'); return `${host.read('n')} [${host.read('empty')}]`;", `{"text":"undefined []"}`, "write n=5; clear m"},
		{"values", "host.state.put('k', 1); return [host.state.get('old'), host.person.swap('k', '', 2)].join();", `{"text":"yes,false"}`, "put state:k=1"},
		{"a full space", "host.state.put('k', 'much');", `{"error":"the space is full"}`, ""},
		{"chance of the stage", "return Math.random();", `{"text":"0"}`, ""},
		{"a clock that stands", "return new Date().getTime();", `{"text":"0"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stage := &recorder{kept: map[string]string{"state:old": "yes"}}
			output, used, err := loadPlugin(t, tt.body).Call(t.Context(), []byte(pluginCall), stage, pluginBudget)
			if err != nil || output != tt.output {
				t.Errorf("output %q, error %v; want %q", output, err, tt.output)
			}
			if did := strings.Join(stage.did, "; "); did != tt.did {
				t.Errorf("did %s\nwant %s", did, tt.did)
			}
			if used.Fuel <= 0 || used.Memory <= 0 {
				t.Errorf("used %+v", used)
			}
		})
	}
}

func TestPluginFails(t *testing.T) {
	var denied *plugin.Denied
	var limit *plugin.Limit
	var trap *plugin.Trap
	tests := []struct {
		name, body string
		kind       any
		text       string
	}{
		{"not granted", "host.http('https://a.example/');", &denied, "http is not granted"},
		{"not granted, and it hides it", "try { host.now(); } catch {} return 'x';", &denied, "clock is not granted"},
		{"an endless loop", "for (;;) {}", &limit, "6000000 steps"},
		{"an endless loop that catches", "for (;;) { try { for (;;) {} } catch {} }", &limit, "6000000 steps"},
		{"endless recursion", "const f = () => f() + 1; return f();", &trap, "RangeError"},
		{"a mistake", "return attributes.none.more;", &trap, "it crashed at plugins/x/x.js:4: TypeError"},
		{"a promise for ever", "await new Promise(() => {});", nil, "it waits for a promise"},
		{"too much", "return 'x'.repeat(1 << 17);", &limit, "65536 bytes of output"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := loadPlugin(t, tt.body)
			output, _, err := p.Call(t.Context(), []byte(pluginCall), &recorder{}, pluginBudget)
			if tt.kind == nil {
				if err != nil || !strings.Contains(output, tt.text) {
					t.Errorf("output %s, error %v", output, err)
				}
				return
			}
			if !errors.As(err, tt.kind) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("error %v, want one of kind %T with %q", err, tt.kind, tt.text)
			}
		})
	}
}

// TestPluginForgets: what a call leaves behind, in variables or in what all programs
// share, the next one does not find.
func TestPluginForgets(t *testing.T) {
	p := loadPlugin(t, "seen.push(attributes.to); globalThis.mark = (globalThis.mark ?? 0) + 1; Array.prototype.left = 1; return seen.join() + mark + [].left;")
	for range 3 {
		output, _, err := p.Call(t.Context(), []byte(pluginCall), &recorder{}, pluginBudget)
		if err != nil || output != `{"text":"Ann11"}` {
			t.Fatalf("output %s, error %v", output, err)
		}
	}
}

func TestPluginIsRefused(t *testing.T) {
	tests := []struct{ name, source, text string }{
		{"no JavaScript", "export const a = 1;\nexport function run( {", "line 2: it does not compile"},
		{"no run", "export const manifest = {};", "it exports no function run"},
		{"no manifest", "export function run() {}", "it exports no manifest"},
		{"an error at the top", "\n\nthrow new Error('not today');\nexport function run() {}", "line 3: "},
		{"an import", "import fs from 'fs';\nexport function run() {}", ""},
		{"a loop at the top", "for (;;) {}\nexport function run() {}", ""},
	}
	runtime := pluginRuntime(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := LoadPlugin(t.Context(), runtime, "x.js", []byte(tt.source), maxMemory)
			var refused *plugin.Refused
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("error %v, want a refusal with %q", err, tt.text)
			}
		})
	}
}

// TestPluginDescribes: a function may make the manifest.
func TestPluginDescribes(t *testing.T) {
	p, err := LoadPlugin(t.Context(), pluginRuntime(t), "x.js", []byte("export const describe = () => ({ version: '2' }); export const run = () => '';"), maxMemory)
	if err != nil || string(p.Manifest()) != `{"version":"2"}` {
		t.Fatalf("manifest %s, error %v", p.Manifest(), err)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, _, err := p.Call(t.Context(), []byte(pluginCall), &recorder{}, pluginBudget); !errors.Is(err, plugin.ErrClosed) {
		t.Errorf("a call of a closed one: %v", err)
	}
}

// TestPluginMemory: a plug-in in JavaScript gets the memory it was granted, and no more.
func TestPluginMemory(t *testing.T) {
	source := []byte(`export const manifest = { directions: [{ name: 'x' }] };
export function run() { return String(new Uint8Array(6 << 20).length); }`)
	runtime := pluginRuntime(t)
	for memory, want := range map[int]string{maxMemory: `{"text":"6291456"}`, 4 << 20: ""} {
		p, err := LoadPlugin(t.Context(), runtime, "x.js", source, memory)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := p.Call(t.Context(), []byte(pluginCall), &recorder{}, pluginBudget)
		if out != want || (err != nil) != (want == "") {
			t.Errorf("with %d bytes: %q, %v", memory, out, err)
		}
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
	if _, err := LoadPlugin(t.Context(), runtime, "x.js", source, 64<<10); err == nil || !strings.Contains(err.Error(), "grant more with memory in bot.toml") {
		t.Errorf("too little memory: %v", err)
	}
	if p, err := LoadPlugin(t.Context(), runtime, "x.js", source, minMemory); err != nil {
		t.Errorf("the least memory: %v", err)
	} else if err := p.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
