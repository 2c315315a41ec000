package compile_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
)

// draft is a bot that is edited. Small vocabularies, so that much holds much.
type draft struct {
	documents [2][]string // blocks and lines
	settings  link.Settings
}

var (
	editPieces = []string{"*", "#", "_", "[*]", "[a]", "[a|b]", "(a|b)", "(b|a)", "(a|a b)", "(* a|b)", "@few", "(@few)", "(@more|c)", "<get x>", "<bot name>", "<input>", "a*", "((a|b) c|a)", "a", "b", "c", "A", "a-b", "é", "7"}
	editTopics = []string{"> topic one", "> topic one includes two", "> topic one inherits two", "> topic two", "> topic two inherits one", "> topic three includes one inherits two", "< topic", "> begin", "< begin"}
	editLines  = []string{
		"! array few = a|a b|c", "! array few = a", "! array few = @more b", "! array more = b c", "! array more = 7", "! array more = <undef>",
		"! sub b = a", "! sub a-b = c", "! sub a = <undef>", "! person a = b", "! var name = a", "! var name = b b", "! local x = y",
		"// a comment", "// allow W104", "> object m js\nreturn 1\n< object",
	}
	editReplies = []string{"- Yes.", "- {@a}", "- a b", "- (@few) and <star>", "- {topic=one}x", "- {random}a|b{/random} <call>m</call>", "* <get x> == a => Yes.", "@ a b", "$ GET https://example.com/<star>\n- x"}
)

func drawTrigger(t *rapid.T) string {
	var b strings.Builder
	if rapid.IntRange(0, 4).Draw(t, "sample") == 0 {
		b.WriteString("//? " + rapid.SampledFrom([]string{"a", "a b", "b | c"}).Draw(t, "said") + "\n")
	}
	if rapid.IntRange(0, 6).Draw(t, "kept") == 0 {
		b.WriteString("# punc nostrip\n")
	}
	pattern := func() string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(editPieces), 1, 3).Draw(t, "pattern"), " ")
	}
	b.WriteString("+ " + pattern() + rapid.SampledFrom([]string{"", "", "", "{weight=1}", "{weight=2}"}).Draw(t, "weight") + "\n")
	if rapid.IntRange(0, 4).Draw(t, "previous") == 0 {
		b.WriteString("% " + pattern() + "\n")
	}
	for range rapid.IntRange(1, 2).Draw(t, "replies") {
		b.WriteString(rapid.SampledFrom(editReplies).Draw(t, "reply") + "\n")
	}
	return b.String()
}

func drawBlock(t *rapid.T) string {
	switch rapid.IntRange(0, 9).Draw(t, "block") {
	case 0:
		return rapid.SampledFrom(editTopics).Draw(t, "topic")
	case 1:
		return rapid.SampledFrom(editLines).Draw(t, "line")
	}
	return drawTrigger(t)
}

// edit changes one thing.
func (d *draft) edit(t *rapid.T) {
	list := &d.documents[rapid.IntRange(0, len(d.documents)-1).Draw(t, "document")]
	at := rapid.IntRange(0, len(*list)).Draw(t, "at")
	switch kind := rapid.IntRange(0, 9).Draw(t, "edit"); {
	case kind < 4 || len(*list) == 0:
		*list = slices.Insert(*list, at, drawBlock(t))
	case kind < 6:
		*list = slices.Delete(*list, at-min(at, 1), at)
	case kind < 8: // moved
		from := rapid.IntRange(0, len(*list)-1).Draw(t, "from")
		block := (*list)[from]
		*list = slices.Delete(slices.Clone(*list), from, from+1)
		*list = slices.Insert(*list, min(at, len(*list)), block)
	case kind < 9:
		(*list)[min(at, len(*list)-1)] = drawBlock(t)
	default:
		d.set(t)
	}
}

func (d *draft) set(t *rapid.T) {
	s := &d.settings
	switch rapid.IntRange(0, 3).Draw(t, "setting") {
	case 0:
		s.Dialect = rapid.SampledFrom([]link.Dialect{link.Dexter, link.RiveScript}).Draw(t, "dialect")
	case 1:
		s.UTF8 = !s.UTF8
	case 2:
		marks := rapid.SampledFrom([]string{"", "-", ".,b"}).Draw(t, "punctuation")
		s.Punctuation = &marks
	default:
		s.Called = !s.Called
	}
}

func (d *draft) folder() fstest.MapFS {
	dir := fstest.MapFS{}
	for i, list := range d.documents {
		dir[fmt.Sprintf("%d.rive", i)] = &fstest.MapFile{Data: []byte(strings.Join(list, "\n") + "\n")}
	}
	return dir
}

// printed is all that a build says.
func printed(t *rapid.T, r *compile.Result) string {
	var b strings.Builder
	if err := ir.Print(&b, r.Program); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "%d of %d samples\n", r.Reached, r.Samples)
	for _, d := range r.Diagnostics {
		fmt.Fprintf(&b, "%s %s %d-%d %s: %s | %s | %v", d.Code, d.Span.File.Path, d.Span.Start, d.Span.End, d.Message, d.Label, d.Help, d.Suggestion != nil)
		for _, n := range d.Notes {
			fmt.Fprintf(&b, " | %s %d-%d", n.Text, n.Span.Start, n.Span.End)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestMemory edits bots at random: a build that remembers the one before is like a
// build that remembers nothing.
func TestMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draft{}
		d.settings.Dialect = rapid.SampledFrom([]link.Dialect{link.Dexter, link.RiveScript}).Draw(t, "dialect")
		for i := range d.documents {
			d.documents[i] = rapid.SliceOfN(rapid.Custom(drawBlock), 2, 8).Draw(t, "blocks")
		}
		var memory compile.Memory
		for generation := range 6 {
			want, err := compile.Build(d.folder(), d.settings)
			if err != nil {
				t.Fatal(err)
			}
			got, err := memory.Build(d.folder(), d.settings)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(printed(t, want), printed(t, got)); diff != "" {
				t.Fatalf("generation %d: %s\n%v", generation, diff, d.documents)
			}
			if !bytes.Equal(want.Wasm, got.Wasm) {
				t.Fatalf("generation %d: other bytes\n%v", generation, d.documents)
			}
			for range rapid.IntRange(1, 3).Draw(t, "edits") {
				d.edit(t)
			}
		}
	})
}

// TestMemoryForgets: what was true of the build before is not any more.
func TestMemoryForgets(t *testing.T) {
	const words = "> topic words\n+ (tea|coffee){weight=3}\n- x\n< topic\n"
	for _, tt := range []struct {
		name          string
		dialect       link.Dialect
		before, after string
	}{
		{"a trigger before it", link.RiveScript, "+ tea\n- x\n", "+ tea\n- x\n+ (tea|coffee){weight=1}\n- x\n"},
		{"the order of the source (L-SORT-7)", link.Dexter, "+ (a|b)\n- x\n+ (b|a)\n- x\n", "+ (b|a)\n- x\n+ (a|b)\n- x\n"},
		{"what an array holds", link.RiveScript, "! array few = coffee\n+ @few{weight=1}\n- x\n+ tea\n- x\n", "! array few = tea coffee\n+ @few{weight=1}\n- x\n+ tea\n- x\n"},
		{"how topics reach each other", link.RiveScript, words + "> topic shop\n+ tea\n- x\n< topic\n", words + "> topic shop includes words\n+ tea\n- x\n< topic\n"},
		{"how messages are read", link.RiveScript, "! sub tea = x\n+ *{weight=1}\n- x\n+ tea\n- x\n", "+ *{weight=1}\n- x\n+ tea\n- x\n"},
		{"what another one waits for (L-PREV-4)", link.RiveScript, "+ tea\n% more tea\n- x\n+ (tea|a){weight=1}\n% less tea\n- x\n", "+ tea\n% more tea\n- x\n+ (tea|a){weight=1}\n% * tea\n- x\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var memory compile.Memory
			dead := func(text string, build func(fs.FS, link.Settings, ...link.Direction) (*compile.Result, error)) (lines []int) {
				r, err := build(fstest.MapFS{"a.rive": {Data: []byte(text)}}, link.Settings{Dialect: tt.dialect})
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range r.Diagnostics {
					if d.Code == "W104" {
						lines = append(lines, d.Span.Line())
					}
				}
				return lines
			}
			before := dead(tt.before, memory.Build)
			want := dead(tt.after, compile.Build)
			if tt.dialect == link.RiveScript && before != nil || want == nil {
				t.Fatalf("dead before: %v, and after: %v", before, want)
			}
			if got := dead(tt.after, memory.Build); !slices.Equal(got, want) {
				t.Errorf("dead in lines %v, want %v", got, want)
			}
		})
	}
}

// TestMemoryIsOfTheLastBuild: documents that are gone are let go, also where their
// patterns live on.
func TestMemoryIsOfTheLastBuild(t *testing.T) {
	const size = 1 << 20
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var memory compile.Memory
	var text strings.Builder
	text.WriteString("// " + strings.Repeat("x", size) + "\n! array few = a b\n! array more = @few c\n")
	before := heap()
	for i := range 20 {
		fmt.Fprintf(&text, "+ [*] number%d (a|b) <get x%d> @few @more *\n- Yes.\n", i, i)
		fmt.Fprintf(&text, "+ number%d\n- Yes.\n", i)
		if _, err := memory.Build(fstest.MapFS{"a.rive": {Data: []byte(text.String())}}, link.Settings{}); err != nil {
			t.Fatal(err)
		}
	}
	if more := heap() - before; more > 6*size {
		t.Errorf("%d bytes are held for a document of %d", more, text.Len())
	}
	runtime.KeepAlive(&memory)
}
