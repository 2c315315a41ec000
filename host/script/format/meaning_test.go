package format_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/lower"
	"github.com/footlight-bots/footlight/host/script/format"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/source"
)

// place is what a printed program says of lines; formatting may move those.
var place = regexp.MustCompile(`\.(topic|rive):\d+`)

// meaning is what a document says to the compiler and to its author, places aside.
func meaning(t failer, name string, s link.Settings, text string) string {
	t.Helper()
	checked, found := link.BuildFiles(link.Files(map[string][]byte{name: []byte(text)}), s, nil)
	var b bytes.Buffer
	if err := ir.Print(&b, lower.Program(checked)); err != nil {
		t.Fatalf("%v", err)
	}
	var said []string
	for _, d := range found.All() {
		said = append(said, fmt.Sprintf("%s %s\n", d.Code, d.Message))
	}
	slices.Sort(said) // lines move: what stood first may come second
	b.WriteString(strings.Join(said, ""))
	for _, o := range checked.Objects {
		fmt.Fprintf(&b, "object %s %s %q\n", o.Name, o.Language, o.Code)
	}
	m := lower.Program(checked).Meta
	fmt.Fprintf(&b, "%q %q %+v\n", m.BotVars, m.Env, m.Message)
	for _, topic := range checked.Topics {
		for _, trigger := range topic.Triggers {
			for _, sample := range trigger.Samples {
				fmt.Fprintf(&b, "sample %q %q\n", trigger.Text, sample.Value)
			}
		}
	}
	return place.ReplaceAllString(b.String(), ".$1")
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// keeps checks the promises: the meaning stays, and once is enough.
func keeps(t failer, name string, s link.Settings, text string) {
	t.Helper()
	once, ok := format.Document(source.New(name, []byte(text)))
	if !ok {
		return
	}
	twice, ok := format.Document(source.New(name, []byte(once)))
	if !ok || twice != once {
		t.Errorf("formatting twice is not formatting once:\n%s", cmp.Diff(once, twice))
	}
	if before, after := meaning(t, name, s, text), meaning(t, name, s, once); before != after {
		t.Errorf("the meaning of\n%s\nbecame that of\n%s\n%s", text, once, cmp.Diff(before, after))
	}
}

func TestConformanceSourcesKeepTheirMeaning(t *testing.T) {
	for _, file := range []string{"footlight-core.jsonl", "third-party-open.jsonl"} {
		f, err := os.Open("../../../../shared/conformance/" + file)
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the conformance cases are not beside this checkout")
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var c struct {
				Name    string
				Dialect link.Dialect
				UTF8    bool
				Files   map[string]string
			}
			if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
				t.Fatal(err)
			}
			t.Run(c.Name, func(t *testing.T) {
				for name, text := range c.Files {
					keeps(t, name, link.Settings{Dialect: c.Dialect, UTF8: c.UTF8}, text)
				}
			})
		}
		if err := errors.Join(lines.Err(), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// drawn makes a document of lines that are mostly sound, spaced at random.
func drawn(t *rapid.T) string {
	var (
		gap    = rapid.SampledFrom([]string{"", "", "", " ", "  ", "\t", "\n", "\n\n \n"})
		sign   = rapid.SampledFrom([]string{"+", "+", "-", "-", "*", "%", "@", "$", "!", "^", "^", ">", "<", "//", "#", "/*", "", "x"})
		blank  = rapid.SampledFrom([]string{"", " ", " ", "   ", "\t"})
		text   = rapid.SampledFrom([]string{"", "a", "hello *", "b  c", "<get x> == 1 => yes", "topic a", "topic  b  includes a", "begin", "object o javascript", "object", "var  x  =  1", "array l=a b|c", "local concat = space", "buttons(A, B)", "image(https://x.example/i)", "GET https://x.example", "punc nostrip", "allow W105", "? a | b", "Hi // cut", "Hi //cut", "//x", "*/", "x */ y", "{random}a|b{/random}", "<get x", "=", "(a", "é\u0301"})
		before = rapid.SampledFrom([]string{"", "", "  ", "\t"})
	)
	var b strings.Builder
	for range rapid.IntRange(1, 14).Draw(t, "lines") {
		b.WriteString(gap.Draw(t, "gap") + before.Draw(t, "before") + sign.Draw(t, "sign") + blank.Draw(t, "blank") + text.Draw(t, "text") + blank.Draw(t, "behind") + "\n")
	}
	return b.String()
}

func TestAnyDocumentKeepsItsMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dialect := rapid.SampledFrom([]link.Dialect{link.Dexter, link.RiveScript}).Draw(t, "dialect")
		keeps(t, "default.rive", link.Settings{Dialect: dialect}, drawn(t))
	})
}

func FuzzDocument(f *testing.F) {
	for _, text := range []string{"+a\n-b", "/*\n\n", ">object\n<object", "!a=b", "^buttons(a)", "+ a\n\n^ b\n^image(", "-//\n- //x", "+a\r\n// allow W105\n\n+B\n-c", "! array a =\n^=x", "<\u0338"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { keeps(t, "default.topic", link.Settings{}, text) })
}
