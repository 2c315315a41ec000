package rehearsal

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/dialogue"
	"github.com/footlight-bots/footlight/host/dialogue/chat"
	"github.com/footlight-bots/footlight/host/script/link"
)

// caseRecord is the outcome of a conformance case as one line of JSON.
type caseRecord struct {
	Case   string `json:"case"`
	Result string `json:"result"` // passed, failed or skipped
	Needs  string `json:"needs,omitempty"`
	Step   int    `json:"step,omitempty"` // 0: the build
	Want   string `json:"want,omitempty"`
	Got    string `json:"got,omitempty"`
}

// runCases runs conformance cases.
func (t *Tester) runCases(ctx context.Context, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("test: %w", err)
	}
	defer func() { _ = file.Close() }()
	cases, err := dialogue.ReadCases(file)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var sum chat.Summary
	for _, c := range cases {
		if !t.only.MatchString(c.Name) {
			continue
		}
		record := caseRecord{Case: c.Name, Result: "passed"}
		var failure *dialogue.Failure
		if missing := c.Missing(); missing != "" {
			record.Result, record.Needs = "skipped", missing
			sum.Skipped++
		} else if err := c.Run(ctx, t.build); errors.As(err, &failure) {
			record.Result, record.Step, record.Want, record.Got = "failed", failure.Step, failure.Want, failure.Got
			sum.Failed++
		} else if err != nil {
			return err
		} else {
			sum.Passed++
		}
		if err := t.writeCase(record, failure); err != nil {
			return err
		}
	}
	if t.options.Format == "json" {
		err = t.writeSummary(sum)
	} else {
		_, err = fmt.Fprintln(t.env.Out, sum)
	}
	switch {
	case err != nil:
		return err
	case sum.Failed > 0:
		return shell.Finding(fmt.Sprintf("%d of %d cases failed", sum.Failed, sum.Failed+sum.Passed))
	case sum == (chat.Summary{}):
		return shell.Finding("no case was run: the file has none, or --run leaves none")
	}
	return nil
}

// runCasesCalled runs conformance cases with the directions of the language as calls of
// the plug-in that defines them.
func (t *Tester) runCasesCalled(ctx context.Context, name string) (err error) {
	core, err := t.plugins.Load(ctx, embed.FS{}, bot.Settings{Intrinsics: new(bool)}) // a bot without plug-ins
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, core.Close(context.WithoutCancel(ctx))) }()
	build := t.build
	t.build = func(ctx context.Context, dir fs.FS, s bot.Settings, directions ...link.Direction) (*dialogue.Cast, error) {
		s.Intrinsics = new(bool)
		cast, err := build(ctx, dir, s, directions...)
		if err == nil {
			cast.Core = core
		}
		return cast, err
	}
	return t.runCases(ctx, name)
}

func (t *Tester) writeCase(record caseRecord, failure *dialogue.Failure) error {
	switch {
	case t.options.Format == "json":
		out := json.NewEncoder(t.env.Out)
		out.SetEscapeHTML(false)
		return out.Encode(record)
	case failure != nil:
		_, err := fmt.Fprintf(t.env.Out, "FAIL %v\n", failure)
		return err
	}
	return nil
}
