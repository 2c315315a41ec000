package compile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
)

var shop = fstest.MapFS{
	"default.topic": {Data: []byte("! array leaf = green|black\n+ hello [*]\n- Hi, <get name>! {topic=order}\n+ *\n- {@ hello}\n")},
	"order.topic":   {Data: []byte("+ (@leaf) tea\n- <set tea=<star>>{formal}<star>{/formal} it is.\n")},
	"bot.toml":      {Data: []byte("ignored = true")},
}

func TestBuild(t *testing.T) {
	r, err := Build(shop, link.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range r.Files {
		paths = append(paths, f.Path)
	}
	if diff := cmp.Diff([]string{"default.topic", "order.topic"}, paths); diff != "" {
		t.Errorf("files: %s", diff)
	}
	if diff := cmp.Diff([]string{"default", "order"}, r.Program.Meta.Topics); diff != "" {
		t.Errorf("topics: %s", diff)
	}
	if !bytes.HasPrefix(r.Wasm, []byte("\x00asm")) {
		t.Error("there is no module")
	}
}

// The hash of the bytes names a build, so they must not change by themselves.
func TestBuildIsReproducible(t *testing.T) {
	first, err := Build(shop, link.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := Build(shop, link.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Wasm, again.Wasm) {
			t.Fatal("the same folder gave other bytes")
		}
		if diff := cmp.Diff(first.Program, again.Program); diff != "" {
			t.Fatal(diff)
		}
	}
}

// L-BOT-7: mistakes are reported, and the rest is still there.
func TestFrontRecovers(t *testing.T) {
	r, err := Front(fstest.MapFS{"default.topic": {Data: []byte("+ a (b\n- x\n+ ok\n- fine\n")}}, link.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Diagnostics) == 0 || r.Diagnostics[0].Code != "E010" {
		t.Errorf("diagnostics are %+v", r.Diagnostics)
	}
	if len(r.Program.Triggers) != 1 || r.Program.Meta.Triggers.At(0).Text != "ok" {
		t.Errorf("triggers are %+v", r.Program.Meta.Triggers)
	}
}

// locked is a folder that cannot be read.
type locked struct{}

func (locked) Open(string) (fs.File, error) { return nil, fs.ErrPermission }

func TestBuildTellsWhatCannotBeRead(t *testing.T) {
	if _, err := Build(locked{}, link.Settings{}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error is %v", err)
	}
}

// large writes a bot of n triggers in the mix that authors write.
func large(n int) fstest.MapFS {
	var b strings.Builder
	for i := range n {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "+ [*] word%d [*]\n- You said word%d. <set last=<star>>\n", i, i)
		case 1:
			fmt.Fprintf(&b, "+ tell me about thing%d\n- Thing %d is fine. {topic=default}\n", i, i)
		case 2:
			fmt.Fprintf(&b, "+ (what|who) is person%d *\n@ tell me about thing%d\n", i, i-1)
		default:
			fmt.Fprintf(&b, "+ i like _ and item%d\n* <get x> == %d => Me too.\n- So do I.\n- Really?\n", i, i)
		}
	}
	return fstest.MapFS{"default.topic": {Data: []byte(b.String())}}
}

// BenchmarkBuild tells in milliseconds what a save costs an author: the front end
// with its checks, lowering, and with the module on top.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000, 100_000} {
		dir := large(n)
		for _, part := range []struct {
			name  string
			build func(fs.FS, link.Settings, ...link.Direction) (*Result, error)
		}{{"front", Front}, {"module", Build}} {
			b.Run(fmt.Sprintf("%s/%d", part.name, n), func(b *testing.B) {
				for b.Loop() {
					if _, err := part.build(dir, link.Settings{}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/build")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// The order of a large bot is made once, at build time. It takes a second; a way that grows with the square of the triggers
// would take longer than tests may.
func TestFrontOfALargeBot(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: it takes a second")
	}
	r, err := Front(large(10000), link.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Program.Triggers) != 10000 || len(r.Program.Groups[0].Order) != 10000 {
		t.Errorf("%d triggers, %d in order", len(r.Program.Triggers), len(r.Program.Groups[0].Order))
	}
	first := r.Program.Triggers[r.Program.Groups[0].Order[0]]
	if first.Pattern == ir.None {
		t.Error("the first trigger has no pattern")
	}
}
