package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/dialogue"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// stages are the ways in which a bot is served: the store, and the number of hosts.
func stages(t *testing.T, play func(t *testing.T, store string, hosts int)) {
	t.Run("bolt", func(t *testing.T) {
		play(t, "bolt:"+filepath.ToSlash(filepath.Join(t.TempDir(), "state.db")), 1)
	})
	t.Run("redis with two hosts", func(t *testing.T) { play(t, redistest.Start(t), 2) })
}

// TestAcceptance plays the worked bot of the language through signed webhooks,
// processes of "footlight serve", and the Send API.
func TestAcceptance(t *testing.T) {
	c := acceptanceCase(t)
	stages(t, func(t *testing.T, store string, hosts int) {
		th := open(t, store, c.Files)
		for range hosts {
			th.start()
		}
		var want []string
		for i, step := range c.Steps {
			switch {
			case step.Say != nil:
				th.say(*step.Say)
			case step.Event != nil:
				th.act(th.tapped(fmt.Sprintf("m_tap_%d", i), step.Event.Payload))
			default:
				continue // where the person stands shows in what the bot answers
			}
			if step.Parts == nil {
				continue // silence: the next answer would come after anything that was said
			}
			for _, part := range *step.Parts {
				want = append(want, part.Text)
			}
			got := th.await(len(want))
			if diff := cmp.Diff(want, texts(got)); diff != "" {
				t.Fatalf("after step %d:\n%s", i+1, diff)
			}
			checkButtons(t, got[len(got)-1], (*step.Parts)[len(*step.Parts)-1])
		}
		first := th.heard()
		if pause := first[1].At.Sub(first[0].At); pause.Seconds() < 1.9 {
			t.Errorf("<delay seconds=2> took %s", pause)
		}
	})
}

// tapped is a tap on a quick reply that is not shown any more: the transcript has
// one, and the emulator's people cannot do that by themselves.
func (th *theatre) tapped(mid, payload string) emulator.Action {
	th.t.Helper()
	raw, err := json.Marshal(map[string]any{
		"sender": map[string]any{"id": th.person}, "recipient": map[string]any{"id": th.page},
		"timestamp": th.emulator.Now().UnixMilli(),
		"message":   map[string]any{"mid": mid, "text": payload, "quick_reply": map[string]any{"payload": payload}},
	})
	if err != nil {
		th.t.Fatal(err)
	}
	return emulator.Action{Kind: "raw", Raw: raw}
}

func checkButtons(t *testing.T, got emulator.Bubble, want dialogue.PartOf) {
	t.Helper()
	for _, call := range want.Shortcodes {
		titles := make([]any, len(got.QuickReplies))
		for i, b := range got.QuickReplies {
			titles[i] = b.Title
		}
		if diff := cmp.Diff(call[1:], titles); diff != "" {
			t.Errorf("quick replies of %q: %s", got.Text, diff)
		}
	}
}

func acceptanceCase(t *testing.T) dialogue.Case {
	t.Helper()
	file, err := os.Open("../../../../shared/conformance/footlight-core.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no conformance cases beside the project: the acceptance transcript is not played")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	cases, err := dialogue.ReadCases(file)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cases, func(c dialogue.Case) bool { return c.Name == "acceptance/tiny-teas" })
	if i < 0 {
		t.Fatal("the acceptance transcript is not among the cases")
	}
	return cases[i]
}

// TestSampleOnStage plays the tea shop of the project the same way.
func TestSampleOnStage(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{"bot.toml", "default.topic", "cup.topic", "order.topic", "human.topic"} {
		data, err := os.ReadFile("../../../scripts/tea/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	stages(t, func(t *testing.T, store string, hosts int) {
		th := open(t, store, files)
		for range hosts {
			th.start()
		}
		want := []string{}
		for _, row := range []struct {
			say     string
			answers []string
		}{
			{"Good evening", []string{"Welcome to Tiny Teas!", "Whom may I write on the cup?"}},
			{"my name is Ann", []string{`"Ann", spelled with care. We have green, black, white, earl grey and oolong.`, "Which one?"}},
			{"Oolong!", []string{"Oolong, good choice.", "How many bags?"}},
			{"10", []string{"10 of oolong, is that right?"}},
			{"yes", []string{"Noted: 10 bags of oolong.", "It is ready in five minutes."}},
			{"my order", []string{"10 bags of oolong for Ann."}},
			{"talk to us", []string{`Somebody will answer you here. Say "back" to return to me.`}},
			{"anybody?", nil},
			{"back", []string{"I am back! We have green, black, white, earl grey and oolong.", "Which one?"}},
		} {
			th.say(row.say)
			want = append(want, row.answers...)
			if row.answers == nil {
				continue
			}
			if diff := cmp.Diff(want, texts(th.await(len(want)))); diff != "" {
				t.Fatalf("after %q:\n%s", row.say, diff)
			}
		}
	})
}
