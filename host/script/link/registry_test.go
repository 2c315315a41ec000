package link_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/lower"
	"github.com/footlight-bots/footlight/host/compile/reach"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
)

// documents splits an example into its documents; the first is default.topic
// unless a line "-- path --" says otherwise.
func documents(text string) map[string][]byte {
	out := map[string][]byte{}
	name := "default.topic"
	var b strings.Builder
	keep := func() {
		if b.Len() > 0 {
			out[name] = []byte(b.String())
		}
		b.Reset()
	}
	for line := range strings.Lines(text) {
		if inner, found := strings.CutPrefix(strings.TrimSuffix(line, " --\n"), "-- "); found && strings.HasSuffix(line, " --\n") {
			keep()
			name = inner
			continue
		}
		b.WriteString(line)
	}
	keep()
	return out
}

func build(contents map[string][]byte, s link.Settings, directions ...link.Direction) (*link.Program, []diag.Diagnostic) {
	p, list := link.BuildFiles(link.Files(contents), s, directions, reached)
	return p, list.All()
}

// reached is the check that the build adds to those of the front end (W104).
func reached(p *link.Program) []diag.Diagnostic {
	return reach.Check(p, lower.Program(p)).Diagnostics
}

// beside are codes that may come along with an example without being its point:
// they speak of the bot as a whole, and the examples are no whole bots.
var beside = map[diag.Code]bool{"W106": true, "W121": true, "W120": true}

// TestRegistryExamples runs the examples of the registry: the wrong one gets
// exactly its code, the right one does not get it (authoring.md §4).
func TestRegistryExamples(t *testing.T) {
	for _, e := range diag.Codes() {
		t.Run(string(e.Code), func(t *testing.T) {
			if e.Later != "" {
				return // what finds it has the test
			}
			if e.Unreported != "" {
				if e.Wrong != "" {
					t.Error("a code that no build reports has an example")
				}
				return
			}
			_, found := build(documents(e.Wrong), link.Settings{})
			seen := false
			for _, d := range found {
				seen = seen || d.Code == e.Code
				if d.Code != e.Code && !beside[d.Code] {
					t.Errorf("the wrong example gets %s as well: %s", d.Code, d.Message)
				}
			}
			if !seen {
				t.Errorf("the wrong example gets %s", summary(found))
			}
			_, found = build(documents(e.Right), link.Settings{})
			for _, d := range found {
				if d.Code == e.Code || !beside[d.Code] {
					t.Errorf("the right example gets %s: %s", d.Code, d.Message)
				}
			}
		})
	}
}

// TestRegistryIsWhole holds the registry against the codes the sources of the
// front end use, and its texts against the house style.
func TestRegistryIsWhole(t *testing.T) {
	seen := map[string]bool{}
	sentence := regexp.MustCompile(`^[A-Z].*\.$`)
	for _, e := range diag.Codes() {
		for _, name := range []string{string(e.Code), e.Name} {
			if seen[name] {
				t.Errorf("%s stands twice in the registry", name)
			}
			seen[name] = true
		}
		if !sentence.MatchString(e.Meaning) || !sentence.MatchString(e.Why) {
			t.Errorf("%s: meaning and reason must be sentences", e.Code)
		}
		if e.Recovery != "" && !strings.HasSuffix(e.Recovery, ".") {
			t.Errorf("%s: the recovery must end like a sentence", e.Code)
		}
		if (e.Wrong == "") != (e.Right == "") || e.Wrong == "" && e.Unreported+e.Later == "" {
			t.Errorf("%s: examples must come in pairs, or a reason why there are none", e.Code)
		}
		text, found := diag.Explain(e.Name)
		if !found || !strings.Contains(text, string(e.Code)) {
			t.Errorf("%s cannot be explained by its name", e.Code)
		}
	}
	if _, found := diag.Explain("e021"); !found {
		t.Error("codes must be found in small letters too")
	}
	if _, found := diag.Explain("E999"); found {
		t.Error("an unknown code has an explanation")
	}
}
