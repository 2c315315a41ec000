package advice

import (
	"strings"
	"testing"
)

// Nothing is explained twice, and everything in whole sentences.
func TestTable(t *testing.T) {
	told := map[numbers]bool{}
	for _, a := range advices {
		c := numbers{a.Code, a.Subcode}
		if told[c] {
			t.Errorf("%s is explained twice", a.Name())
		}
		told[c] = true
		for _, s := range []string{a.Means, a.Cure} {
			if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, ")") {
				t.Errorf("%s: not a sentence: %q", a.Name(), s)
			}
		}
		if a.Says == "" {
			t.Errorf("%s: no words of Meta's", a.Name())
		}
		if got, ok := Of(a.Code, a.Subcode); !ok || got != a {
			t.Errorf("%s finds %s", a.Name(), got.Name())
		}
	}
}

// Each text of messenger.md section 5.5 is found by its words, as people paste them.
func TestFind(t *testing.T) {
	for _, row := range []struct{ name, question, want string }{
		{"by number", "190/463", "190/463"},
		{"by number, spaced", " 190 / 463 ", "190/463"},
		{"by code", "2500", "2500"},
		{"by code in Meta's form", "(#10)", "10"},
		{"by a subcode alone", "2018278", "2018278"},
		{"by an unknown subcode", "190/1", "190"},
		{"permissions", "299", "200"},
		{"media template", "100/2018185", "2018173"},
		{"no such number", "777777", ""},
		{"FAQ: active token", "An active access token must be used to query information about the current user", "2500"},
		{"FAQ: code in words", "OAuthException: Code 2500", "2500"},
		{"FAQ: size", "Attachment size exceeds allowable limit", "2018109"},
		{"FAQ: roles", "(#200) Cannot message users who are not admins, developers or testers", "2018028"},
		{"FAQ: password", "Error validating access token: The session has been invalidated because the user changed their password", "190/460"},
		{"FAQ: 640", "Length of param message[text] must be less than or equal to 640", "100"},
		{"FAQ: empty", "Message cannot be empty, must provide valid attachment or text", "2018034"},
		{"FAQ: public content", "To use 'Page Public Content Access', your use of this endpoint must be reviewed", "10"},
		{"a whole answer", `{"error":{"message":"(#10) x","code":10,"error_subcode":2018278}}`, "2018278"},
		{"our own log", "graph api: send: code 190/460: whatever", "190/460"},
		{"no words of Meta's", "the bot is silent", ""},
		{"too short", "the", ""},
	} {
		got := Find(row.question)
		if row.want == "" != (len(got) == 0) || row.want != "" && got[0].Name() != row.want {
			t.Errorf("%s: %v, want %s", row.name, got, row.want)
		}
	}
}
