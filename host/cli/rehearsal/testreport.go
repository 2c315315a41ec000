package rehearsal

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/footlight-bots/footlight/host/dialogue/chat"
)

// report shows what came of tests, in the format that was asked for.
func (t *Tester) report(all []tested) error {
	if t.options.junit != "" {
		var j chat.JUnit
		for _, one := range all {
			j.Add(one.dir, one.outcomes)
		}
		if err := create(t.options.junit, func(f *os.File) error { return j.Write(f) }); err != nil {
			return fmt.Errorf("test: --junit: %w", err)
		}
	}
	switch t.options.Format {
	case "json":
		for _, one := range all {
			if err := chat.WriteJSON(t.env.Out, one.dir, one.outcomes); err != nil {
				return err
			}
		}
		return t.writeSummary(total(all))
	case "github":
		for _, one := range all {
			if err := chat.WriteGitHub(t.env.Out, one.dir, one.outcomes); err != nil {
				return err
			}
		}
		return nil
	}
	return t.reportText(all)
}

// jsonSummary is the last line of a report in JSON.
type jsonSummary struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
}

func (t *Tester) writeSummary(s chat.Summary) error {
	return json.NewEncoder(t.env.Out).Encode(jsonSummary(s))
}

// reportText explains each failure, and lists all of them again at the end.
func (t *Tester) reportText(all []tested) error {
	for _, one := range all {
		for _, o := range one.outcomes {
			if o.Failed == nil {
				continue
			}
			if err := chat.WriteFailure(t.env.Out, one.dir, o); err != nil {
				return err
			}
		}
	}
	sum := total(all)
	for _, one := range all {
		t.notes(one)
	}
	if sum.Failed > 1 {
		_, _ = fmt.Fprintf(t.env.Out, "failed:\n")
		for _, one := range all {
			for _, o := range one.outcomes {
				if o.Failed != nil {
					_, _ = fmt.Fprintf(t.env.Out, "  %s/%s\n      %s\n", one.dir, o.Name(), o.Again(one.dir))
				}
			}
		}
	}
	_, err := fmt.Fprintln(t.env.Out, sum)
	return err
}

// notes tells what is not wrong, but should be known.
func (t *Tester) notes(one tested) {
	for _, place := range one.unused {
		_, _ = fmt.Fprintf(t.env.Out, "note: the stub at %s/%s is never used\n", one.dir, place)
	}
	for _, o := range one.outcomes {
		for _, line := range o.Unused {
			_, _ = fmt.Fprintf(t.env.Out, "note: the stub at %s/%s:%d is never used\n", one.dir, o.File, line)
		}
	}
}
