package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/script/link"
)

// Limits of what npm rivescript is asked.
const (
	// maxNpmTriggers is the largest brain that it is asked about.
	maxNpmTriggers = 10_000
	// maxNpmTurns is how many turns of one class are enough.
	maxNpmTurns = 2000
	// npmTimeout is how long one brain may take it.
	npmTimeout = 5 * time.Minute
)

// task is what the driver reads.
type task struct {
	Script  string            `json:"script"`
	Vars    map[string]string `json:"vars"`
	Classes []taskClass       `json:"classes"`
	Millis  int64             `json:"millis"` // for each class
	Most    int               `json:"most"`   // turns of a class
}

type taskClass struct {
	Name     string        `json:"name"`
	Messages []taskMessage `json:"messages"`
}

type taskMessage struct {
	Text string `json:"text"`
	Last string `json:"last"`
}

// outcome is what the driver writes.
type outcome struct {
	Load    float64 `json:"load"` // in microseconds
	Classes []struct {
		Name    string   `json:"name"`
		P50     float64  `json:"p50"` // in microseconds
		Turns   int      `json:"turns"`
		Replies []string `json:"replies"`
	} `json:"classes"`
}

// hopeless are classes that it takes minutes for one reply of which.
func hopeless(class string) bool {
	switch class {
	case brain.Long, brain.KeywordClass(20), brain.KeywordClass(50), brain.KeywordClass(200):
		return true
	}
	return false
}

// beside says the same messages to the same brain in npm rivescript. It leaves triggers
// of equal rank in the order of the source (it compares the lengths of pairs in the
// place of those of texts), as dialect dexter does; in the other one brains with ties
// mean something else.
func (y *yardstick) beside(ctx context.Context, a *actor, kind brain.Kind, written *brain.Brain) error {
	if y.npm == "" || y.dialect != link.Dexter || written.Triggers > maxNpmTriggers || kind == brain.Adversarial {
		return nil
	}
	t := task{Script: written.Script, Vars: written.Vars, Millis: y.time.Milliseconds() + 1, Most: maxNpmTurns}
	if t.Vars == nil {
		t.Vars = map[string]string{}
	}
	for _, c := range written.Classes {
		if hopeless(c.Name) {
			continue
		}
		class := taskClass{Name: c.Name}
		for _, m := range c.Messages {
			class.Messages = append(class.Messages, taskMessage(m))
		}
		t.Classes = append(t.Classes, class)
	}
	y.note("the same in npm rivescript")
	theirs, err := y.drive(ctx, &t)
	if err != nil {
		return err
	}
	for i, c := range theirs.Classes {
		at := y.sheet.Row(npmTable, written.Triggers, fmt.Sprintf("%s %s", kind, c.Name))
		same, err := y.same(ctx, a, at, written, t.Classes[i].Name, c.Replies)
		if err != nil {
			return err
		}
		ours, _ := y.sheet.Find(turnsTable(kind), written.Triggers, c.Name, median)
		at.Add("ours", ours, sheet.Micros, sheet.Free, 0)
		at.Add("npm", c.P50, sheet.Micros, sheet.Free, 0)
		target := sheet.Free
		if written.Triggers == targetFrom && c.Name != brain.Previous { // it asks only the few triggers with %
			target = sheet.AtLeast
		}
		at.Add("ratio", c.P50/ours, sheet.Times, target, targetNpm)
		at.Add("same replies", 100*same, sheet.Percent, sheet.Free, 0)
	}
	return nil
}

// same is the share of replies that are the same on both sides; the first that is not
// is noted.
func (y *yardstick) same(ctx context.Context, a *actor, at sheet.Row, written *brain.Brain, class string, replies []string) (float64, error) {
	equal, noted := 0, false
	for _, c := range written.Classes {
		if c.Name != class {
			continue
		}
		for i, theirs := range replies {
			ours, err := a.says(ctx, &c.Messages[i])
			if err != nil {
				return 0, err
			}
			if strings.TrimSpace(ours) == strings.TrimSpace(theirs) {
				equal++
			} else if !noted {
				noted = true
				y.sheet.Notes = append(y.sheet.Notes, fmt.Sprintf("%s of %d triggers: to %q we say %q, npm rivescript %q", at.Name, at.Size, c.Messages[i].Text, ours, theirs))
			}
		}
	}
	return float64(equal) / float64(len(replies)), nil
}

// drive runs the driver.
func (y *yardstick) drive(ctx context.Context, t *task) (out *outcome, err error) {
	dir, err := os.MkdirTemp("", "footlight-yardstick-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	data, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "task.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, npmTimeout)
	defer cancel()
	var said, wrong strings.Builder
	cmd := exec.CommandContext(ctx, "node", filepath.Join(y.npm, "driver.js"), path)
	cmd.Stdout, cmd.Stderr = &said, &wrong
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("npm rivescript: %w: %s", err, strings.TrimSpace(wrong.String()))
	}
	out = new(outcome)
	if err := json.Unmarshal([]byte(said.String()), out); err != nil {
		return nil, fmt.Errorf("npm rivescript: %w", err)
	}
	if len(out.Classes) != len(t.Classes) {
		return nil, fmt.Errorf("npm rivescript: %d of %d classes", len(out.Classes), len(t.Classes))
	}
	return out, nil
}
