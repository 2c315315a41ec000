package chat

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/dialogue"
	"github.com/footlight-bots/footlight/host/script/link"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stage builds a bot of files on the reference interpreter. It may use the
// direction weather, which no plug-in offers.
func stage(t testing.TB, files map[string]string) *Stage {
	t.Helper()
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	settings, err := bot.ReadSettings(dir)
	if err != nil {
		t.Fatal(err)
	}
	weather := link.Direction{Name: "weather", Parameters: []link.Parameter{{Name: "city", Kind: "text"}}}
	built, err := compile.Front(dir, settings.Link(), weather)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range built.Diagnostics {
		if d.Code.IsError() {
			t.Fatalf("%s at line %d: %s", d.Code, d.Span.Line(), d.Message)
		}
	}
	script, err := bot.Interpreted{}.Load(context.Background(), built)
	if err != nil {
		t.Fatal(err)
	}
	return &Stage{Cast: &dialogue.Cast{Script: script, Program: built.Program}, Settings: settings, Folder: dir}
}

// parsed reads a file that must be without mistakes.
func parsed(t testing.TB, text string) File {
	t.Helper()
	file, found := Parse("a.chat", []byte(text))
	for _, d := range found {
		t.Fatalf("line %d: %s (%s)", d.Span.Line(), d.Message, d.Label)
	}
	return file
}

// play plays the steps of one test.
func play(t testing.TB, s *Stage, steps string) Outcome {
	t.Helper()
	file := parsed(t, "test \"t\"\n"+steps)
	out, err := s.Play(context.Background(), &file, &file.Tests[0])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// verdict is what went wrong in a test, as "line: want / got", or empty.
func verdict(o Outcome) string {
	if o.Failed == nil {
		return ""
	}
	return fmt.Sprintf("%d: %s / %s", o.Failed.Line-1, o.Failed.Want, o.Failed.Got)
}

func lines(list ...string) string { return strings.Join(list, "\n") + "\n" }
