// Package advice explains refusals of the Graph API to those who run a bot: what each means, and what helps
// (messenger.md sections 5.3 and 5.5). It finds them by number, by error, and by Meta's words as people paste them.
//
// What the host does about a refusal is the verdict of messenger; here are only words. No API of the host is promised.
package advice

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger"
)

// Advice is what a refusal of the platform means to somebody who runs a bot, and what
// helps. Its texts are whole sentences in plain words.
type Advice struct {
	Code, Subcode int
	Says          string // Meta's own words, the telling part, in English
	Means         string
	Cure          string
}

// Name is the advice's number, as in 190/463.
func (a Advice) Name() string {
	switch {
	case a.Code == 0:
		return strconv.Itoa(a.Subcode)
	case a.Subcode == 0:
		return strconv.Itoa(a.Code)
	}
	return strconv.Itoa(a.Code) + "/" + strconv.Itoa(a.Subcode)
}

// Verdict is what the host does when it is refused so.
func (a Advice) Verdict() messenger.Verdict {
	return (&messenger.APIError{Status: http.StatusBadRequest, Code: a.Code, Subcode: a.Subcode}).Verdict()
}

// numbers is a code and a subcode. Those above a million stand in either place.
type numbers struct{ code, subcode int }

// Of finds the advice on a code and subcode, the nearest there is. ok is false for
// numbers that nobody knows.
func Of(code, subcode int) (Advice, bool) {
	if within(2018182, code, 2018188) || within(2018182, subcode, 2018188) {
		code, subcode = 0, 2018173 // they are told as one
	}
	for _, c := range []numbers{{code, subcode}, {0, subcode}, {0, code}, {code, 0}} {
		for _, a := range advices {
			if c != (numbers{}) && a.Code == c.code && a.Subcode == c.subcode {
				return a, true
			}
		}
	}
	if within(201, code, 299) {
		return Of(200, 0)
	}
	return Advice{}, false
}

// On finds the advice on any error of a Client.
func On(err error) (Advice, bool) {
	var refused *messenger.APIError
	if !errors.As(err, &refused) {
		return Advice{}, false
	}
	return Of(refused.Code, refused.Subcode)
}

// numberForm finds a code, and perhaps its subcode, as people and logs write them.
var numberForm = regexp.MustCompile(`^\(?#?(\d{1,9})\)?(?:\s*/\s*#?(\d{1,9}))?$`)

// codeForm finds the code within Meta's words: "(#10) This message …", "code 190/463".
var codeForm = regexp.MustCompile(`\(#(\d{1,9})\)|(?i:\bcode\b["':\s]*)(\d{1,9})(?:/(\d{1,9}))?`)

// subcodeForm finds the subcode of a JSON answer.
var subcodeForm = regexp.MustCompile(`(?i)subcode["':\s]*(\d{1,9})`)

// Find finds the advice that somebody asks for: by number, as in 190/463 or (#10),
// or by Meta's words, whole or in part. The likeliest comes first; none: nothing is known.
func Find(question string) []Advice {
	question = strings.TrimSpace(question)
	if m := numberForm.FindStringSubmatch(question); m != nil {
		if a, ok := Of(count(m[1]), count(m[2])); ok {
			return []Advice{a}
		}
		return nil
	}
	var said []Advice
	if words := plain(question); len(words) >= minWords {
		for _, a := range advices {
			if says := plain(a.Says); strings.Contains(words, says) || strings.Contains(says, words) {
				said = append(said, a)
			}
		}
	}
	if m := codeForm.FindStringSubmatch(question); m != nil {
		subcode := count(m[3])
		if s := subcodeForm.FindStringSubmatch(question); s != nil {
			subcode = count(s[1])
		}
		if a, ok := Of(count(m[1]+m[2]), subcode); ok && (subcode != 0 || len(said) == 0) {
			return []Advice{a}
		}
	}
	return said
}

// minWords is the shortest text that is looked for in Meta's words, in bytes.
const minWords = 8

// plain is a text without capitals, numbers and marks, so that "less than or equal to
// 640" is found where it says 2000 now.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && r < 128 }), " ")
}

func count(digits string) int {
	n, _ := strconv.Atoi(digits) // empty is 0
	return n
}

func within(low, n, high int) bool { return low <= n && n <= high }
