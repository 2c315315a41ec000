package reply

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// L-REM-3: what is inert stays inert, whatever it looks like.
func TestReadContent(t *testing.T) {
	for name, row := range map[string]struct {
		arg  Arg
		want Content
	}{
		"text":               {Arg{Text: "Drink!"}, Content{{Text: "Drink!"}}},
		"nothing":            {Arg{}, nil},
		"script":             {Arg{JSON: `["Hi ",{"script":"{@ x}"}]`}, Content{{Text: "Hi "}, {Script: "{@ x}"}}},
		"text like a script": {Arg{Text: `[{"script":"{@ x}"}]`}, Content{{Text: `[{"script":"{@ x}"}]`}}},
		"other data":         {Arg{JSON: `{"a":1}`}, Content{{Text: `{"a":1}`}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := ReadContent(row.arg)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
			data, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			var back Content
			if err := json.Unmarshal(data, &back); err != nil || !cmp.Equal(got, back) {
				t.Errorf("%s came back as %v, %v", data, back, err)
			}
		})
	}
}

// The key hangs on scripts and gaps, not on what the gaps were filled with.
func TestContentKey(t *testing.T) {
	base := Content{{Text: "Hi Ann "}, {Script: "{@ x}"}}
	if got := (Content{{Text: "Hi Bo "}, {Script: "{@ x}"}}).Key(); got != base.Key() {
		t.Error("another person has another key")
	}
	if (Content{{Text: "Hi"}}).Key() != "" || Content(nil).Key() != "" {
		t.Error("text alone has a key")
	}
	for name, other := range map[string]Content{
		"other script": {{Text: "Hi "}, {Script: "{@ y}"}},
		"other order":  {{Script: "{@ x}"}, {Text: "Hi "}},
		"no gap":       {{Script: "{@ x}"}},
		"cut in two":   {{Text: "Hi "}, {Script: "{@"}, {Script: " x}"}},
	} {
		if other.Key() == base.Key() {
			t.Errorf("%s: the same key", name)
		}
	}
}

func TestContentReadsAsWritten(t *testing.T) {
	c := Content{{Text: "Hi Ann! "}, {Script: "{@ drink}"}, {Text: " now"}}
	if got := c.String(); got != "Hi Ann! <raw>{@ drink}</raw> now" {
		t.Error(got)
	}
	if diff := cmp.Diff([]string{"Hi Ann! ", " now"}, c.Texts()); diff != "" {
		t.Error(diff)
	}
}
