package index_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/index"
	"github.com/footlight-bots/footlight/host/script/link"
)

func TestOutlines(t *testing.T) {
	tests := []struct {
		name, trigger string
		want          []string
	}{
		{"words", "green tea", []string{"! green tea"}},
		{"a wildcard takes at least one word", "green *", []string{"! green ? …"}},
		{"wildcards in a row", "* * tea", []string{"! ? ? … tea"}},
		{"digits are one unit, but which the pattern knows", "# cups", []string{"? cups"}},
		{"a word without digits may have symbols", "_ cups", []string{"? cups"}},
		{"any optional", "[*] tea [*]", []string{"! … tea …"}},
		{"an optional is there or not", "[green] tea", []string{"! green tea", "! tea"}},
		{"alternatives are a set", "(green|black) tea", []string{"! [black green] tea"}},
		{"of several words the first counts", "(green tea|coffee) please", []string{"[coffee green] … please"}},
		{"an array", "@many", []string{"! [a b c d e f g h i j]"}},
		{"glued to a wildcard is a part of a unit", "tea*", []string{"…"}},
		{"only what is glued", "green tea* please", []string{"green … please"}},
		{"glued to a set", "(green|black)tea", []string{"…"}},
		{"symbols are units", "x-y", []string{"x - y"}},
		{"a value is anything", "i am <get name>", []string{"i am …", "i am"}},
		{"the bare wildcard takes the empty message too", "*", []string{"! …"}},
		{"a blank that may be missing is doubted", "* (tea|[*] [b]) 22", []string{"! ? … tea 22", "? … b 22", "? … 22"}},
		{"too many ways", "hi [a] [b] [c] [d] [e] bye", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := "! version = 2.0\n! array many = a b c d e f g h i j\n+ " + tt.trigger + "\n- x\n"
			r, err := compile.Front(fstest.MapFS{"default.rive": {Data: []byte(text)}}, link.Settings{Dialect: link.RiveScript, UTF8: true})
			if err != nil {
				t.Fatal(err)
			}
			got := index.Outlines(r.Program, r.Program.Triggers[0].Pattern)
			if tt.want == nil {
				if len(got) > 16 || !strings.Contains(fmt.Sprint(got), "…") {
					t.Errorf("%d ways: %q", len(got), got)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An outline has no more units than maxOutline, however long its pattern.
func TestLongOutline(t *testing.T) {
	text := "+ " + strings.TrimSpace(strings.Repeat("a ", 100)) + "\n- x\n"
	r, err := compile.Front(fstest.MapFS{"default.rive": {Data: []byte(text)}}, link.Settings{Dialect: link.RiveScript})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("a ", 64) + "…"
	if got := index.Outlines(r.Program, r.Program.Triggers[0].Pattern); len(got) != 1 || got[0] != want {
		t.Errorf("got %q", got)
	}
}
