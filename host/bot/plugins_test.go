package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// module is a plug-in whose tag <now> says a text.
func module(t testing.TB, says, manifest string) string {
	t.Helper()
	var m wasmbin.Module
	outcome := fmt.Sprintf(`{"text":%q}`, says)
	m.Memory(1, 1)
	m.ExportMemory(abi.ExportMemory)
	m.Data(0, []byte(manifest))
	m.Data(4096, []byte(outcome))
	i32 := wasmbin.I32
	marker, _ := m.Func("marker", wasmbin.FuncType{})
	m.ExportFunc(abi.Marker, marker)
	alloc, body := m.Func("alloc", wasmbin.FuncType{Params: []wasmbin.ValType{i32}, Results: []wasmbin.ValType{i32}})
	body.I32(8192)
	m.ExportFunc(abi.ExportAlloc, alloc)
	call, body := m.Func("call", wasmbin.FuncType{Params: []wasmbin.ValType{i32, i32, i32}, Results: []wasmbin.ValType{wasmbin.I64}})
	body.LocalGet(body.Param(0))
	body.IfValue(wasmbin.I64, func() { body.I64(4096<<32 | int64(len(outcome))) }, func() { body.I64(int64(len(manifest))) })
	m.ExportFunc(abi.ExportCall, call)
	wasm, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(wasm)
}

// plain is a manifest that wants nothing.
const plain = `{"version":"1","directions":[{"name":"now"}]}`

// theatre is a bot in a folder of memory, with a sandbox.
type theatre struct {
	*Bot
	dir fstest.MapFS
}

func newTheatre(t testing.TB) *theatre {
	t.Helper()
	base, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	plugins := NewPlugins(PluginsConfig{Runtime: base})
	th := &theatre{dir: fstest.MapFS{}}
	th.Bot = New(Config{
		Dir: th.dir, Name: "sample", Loader: Sandboxed{Runtime: base}, Plugins: plugins, ShowErrors: true,
		Clock: clock.NewVirtual(time.Unix(1_000, 0)), Log: slog.New(slog.DiscardHandler),
	})
	t.Cleanup(func() {
		ctx := context.Background()
		if err := errors.Join(th.Close(ctx), plugins.Close(ctx), base.Close(ctx)); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return th
}

func (th *theatre) write(name, text string) { th.dir[name] = &fstest.MapFile{Data: []byte(text)} }

// TestPlugIns: a module in the bot's folder answers its tag, and a new one takes its
// place; what is wrong with one leaves what was there.
func TestPlugIns(t *testing.T) {
	th := newTheatre(t)
	th.write("default.topic", "+ hello\n- It is <now fallback=\"late\">.\n")
	th.write("plugins/clock/clock.wasm", module(t, "noon", plain))
	steps := []struct {
		name, file, text string
		fault, answer    string
	}{
		{"at first", "", "", "", "It is noon."},
		{"a new module", "plugins/clock/clock.wasm", module(t, "one", plain), "", "It is one."},
		{"no module", "plugins/clock/clock.wasm", "hello", "plug-in clock (plugins/clock/clock.wasm): ", "It is one."},
		{"mended", "plugins/clock/clock.wasm", module(t, "two", plain), "", "It is two."},
		{"a second plug-in of the tag", "plugins/watch/any.wasm", module(t, "three", plain), "the scripts have 1 error", "It is two."},
		{"named", "default.topic", "+ hello\n- It is <watch:now>.\n", "", "It is three."},
		{"two modules in one folder", "plugins/watch/other.wasm", module(t, "four", plain), "plugins/watch: there are 2 modules; name the one that is meant watch.wasm", "It is three."},
		{"of its name", "plugins/watch/watch.wasm", module(t, "five", plain), "", "It is five."},
		{"a tag of the language", "plugins/clock/clock.wasm", module(t, "x", `{"directions":[{"name":"send"}]}`), "<send> belongs to the language and cannot be declared", "It is five."},
		{"a folder of a strange name", "plugins/My Clock/x.wasm", module(t, "x", plain), `plugins/My Clock: "My Clock" is no name`, "It is five."},
	}
	for _, step := range steps {
		if step.file != "" {
			th.write(step.file, step.text)
		}
		_, err := th.Reload(t.Context())
		if (err != nil) != (step.fault != "") || err != nil && !strings.Contains(err.Error(), step.fault) {
			t.Errorf("%s: %v, want %q", step.name, err, step.fault)
		}
		if got, err := ask(t.Context(), th.Bot); err != nil || got != step.answer {
			t.Errorf("%s: %q, %v, want %q", step.name, got, err, step.answer)
		}
	}
}

// TestGrantsInSettings: what bot.toml says of plug-ins.
func TestGrantsInSettings(t *testing.T) {
	th := newTheatre(t)
	th.write("default.topic", "+ hello\n- <now>\n")
	th.write("plugins/clock/clock.wasm", module(t, "noon", `{"directions":[{"name":"now"}],"wants":[{"capability":"clock","reason":"to know what time it is"}]}`))
	for _, tt := range []struct{ settings, fault, warning string }{
		{"", "", `<now> wants clock ("to know what time it is"), which is not granted to it`},
		{"[plugins.clock]\ngrant = [\"clock\"]\ntime = \"20ms\"\nmemory = \"1MiB\"\n[plugins.clock.config]\nzone = \"UTC\"", "", ""},
		{"[plugins.clock]\ngrant = [\"fly\"]", `bot.toml: plugins.clock.grant: "fly" is no capability`, ""},
		{"[plugins.clock]\ngrants = [\"clock\"]", `setting "plugins.clock.grants" is not known`, ""},
		{"[plugins.clock]\ngrant = \"clock\"", `plugins.clock.grant must be a list of texts in quotes`, ""},
		{"[plugins.clok]\ngrant = [\"clock\"]", "[plugins.clok]: there is no plug-in plugins/clok with a module in it", ""},
	} {
		th.write("bot.toml", tt.settings)
		_, err := th.Reload(t.Context())
		status, warning := th.Status(), ""
		for _, d := range status.Problems {
			if d.Code == "W130" {
				warning = d.Message
			}
		}
		if (err != nil) != (tt.fault != "") || !strings.Contains(status.Fault, tt.fault) || tt.fault == "" && warning != tt.warning {
			t.Errorf("%s: fault %q, warning %q, %v", tt.settings, status.Fault, warning, err)
		}
	}
}

// TestSwapsUnderLoad: a direction is swapped again and again while people talk: every
// answer is one of a version that was in service, and memory stays flat.
func TestSwapsUnderLoad(t *testing.T) {
	swaps := 1000
	if testing.Short() {
		swaps = 50
	}
	th := newTheatre(t)
	th.write("default.topic", "+ hello\n- <now>\n")
	versions := []string{module(t, "0", plain), module(t, "1", plain)}
	th.write("plugins/clock/clock.wasm", versions[0])
	if _, err := th.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var people sync.WaitGroup
	var answers atomic.Int64
	for range 2 {
		people.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got, err := ask(context.Background(), th.Bot); err != nil || got != "0" && got != "1" {
					t.Errorf("answered %q, %v", got, err)
					return
				}
				answers.Add(1)
			}
		})
	}
	var before runtime.MemStats
	for i := range swaps {
		if i == swaps/5 {
			runtime.GC()
			runtime.ReadMemStats(&before)
		}
		th.write("plugins/clock/clock.wasm", versions[(i+1)%2])
		if _, err := th.Reload(t.Context()); err != nil {
			t.Error(err)
			break
		}
	}
	close(stop)
	people.Wait()
	var after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("%d swaps left %d bytes behind", swaps*4/5, grown)
	}
	t.Logf("%d swaps, %d answers", swaps, answers.Load())
}
