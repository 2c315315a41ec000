package format_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/script/format"
	"github.com/footlight-bots/footlight/host/script/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden file holds chunks: a title behind "=== ", a document, "---", and the
// document in the house style. Blanks at the ends of lines are written as "·".
func TestGolden(t *testing.T) {
	const file = "testdata/style.txt"
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, chunk := range strings.Split("\n"+string(content), "\n=== ")[1:] {
		title, rest, _ := strings.Cut(chunk, "\n")
		input, want, _ := strings.Cut(rest, "\n---\n")
		want = strings.TrimRight(want, "\n")
		got := strings.TrimRight(strings.ReplaceAll(styled(t, strings.ReplaceAll(input, "·", " ")+"\n"), " \n", "·\n"), "\n")
		fmt.Fprintf(&out, "=== %s\n%s\n---\n%s\n\n", title, input, got)
		t.Run(title, func(t *testing.T) {
			if got != want && !*update {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func styled(t testing.TB, text string) string {
	t.Helper()
	out, ok := format.Document(source.New("default.topic", []byte(text)))
	if !ok {
		t.Fatalf("%q is left alone", text)
	}
	return out
}

func TestEdges(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"empty lines only", "\n \n\t\n", ""},
		{"no line end at the end", "+a\n-b", "+ a\n- b\n"},
		{"line ends of other systems (L-BOT-6)", "\ufeff+a\r\n-b\r\r+c\r\n-d", "+ a\n- b\n\n+ c\n- d\n"},
		{"decomposed letters (L-BOT-6)", "+ cafe\u0301\n- x\n", "+ café\n- x\n"},
		{"a comment without end keeps what is in it", "+a\n-b\n/*  x\n  y  \n\n", "+ a\n- b\n/*  x\n  y  \n"},
		{"a macro without end", "> object x\n  y\n\n", "> object x\n  y\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := styled(t, tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// What is not UTF-8 cannot be written back without loss.
func TestOtherEncodings(t *testing.T) {
	if text, ok := format.Document(source.New("default.topic", []byte("+a\n-caf\xe9\n"))); ok || text != "" {
		t.Errorf("it became %q", text)
	}
}

// The scripts of the project are in the house style.
func TestSamplesAreInStyle(t *testing.T) {
	for _, pattern := range []string{"../../../scripts/*/*.topic", "../../../scripts/*/*.rive"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got := styled(t, string(content)); got != string(content) {
				t.Errorf("%s is not in the house style: run footlight fmt", name)
			}
		}
	}
}
