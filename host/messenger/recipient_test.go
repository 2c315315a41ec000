package messenger

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// named is a recipient as the platform reads it.
func named(t rapid.TB, person string) (out map[string]string) {
	if err := json.Unmarshal(recipient(person), &out); err != nil {
		t.Fatalf("recipient %s: %v", recipient(person), err)
	}
	return out
}

// Who has no page-scoped id is named as the Send API wants them, whatever the platform calls
// them, and never mixed up with who has one.
func TestRecipient(t *testing.T) {
	for _, row := range []struct {
		person, kind, id string
		scoped, once     bool
	}{
		{"24680135791357", "id", "24680135791357", true, false},
		{Checkbox("u ref/88"), byCheckbox, "u ref/88", false, false},
		{stranger("comment", "5_1"), byComment, "5_1", false, true},
		{stranger("post", "5_2"), byPost, "5_2", false, true},
		{"comment.!", "id", "comment.!", true, false},
		{"cousin.NV8x", "id", "cousin.NV8x", true, false},
	} {
		got := named(t, row.person)
		if len(got) != 1 || got[row.kind] != row.id || Scoped(row.person) != row.scoped || Once(row.person) != row.once {
			t.Errorf("%s: %v, scoped %v, once %v", row.person, got, Scoped(row.person), Once(row.person))
		}
		if long := WindowOf(row.person) > Window; long != row.once {
			t.Errorf("%s: a window of %s", row.person, WindowOf(row.person))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		ref := rapid.StringN(1, -1, 40).Draw(t, "ref")
		person := Checkbox(ref)
		if got := named(t, person); got[byCheckbox] != ref || strings.ContainsAny(person, " /:|") {
			t.Fatalf("%q became %q and %v", ref, person, got)
		}
	})
}
