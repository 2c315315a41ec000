package messenger

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
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
func (a Advice) Verdict() Verdict { return judge(400, a.Code, a.Subcode, false) }

// Host says what the host does about a class of refusals by itself.
func (c Class) Host() string {
	switch c {
	case ClassTransient:
		return "tries again by itself, after growing pauses."
	case ClassAmbiguous:
		return "looks whether the message arrived after all, and tries again only if it did not."
	case ClassRate:
		return "sends nothing for a while, then goes on by itself; nothing is lost."
	case ClassWindow:
		return "drops the message: Messenger would refuse it again. The bot answers as soon as the person writes."
	case ClassPerson:
		return "gives up what waits for this person; everybody else is served."
	case ClassMessage:
		return "drops this message, keeps it for you (footlight user show), and goes on."
	case ClassPage:
		return "pauses the Page and keeps its messages; after the cure, footlight page resume sends them at once."
	}
	return "leaves it to you: it is about how things are set up."
}

// Advise finds the advice on a code and subcode, the nearest there is. ok is false for
// numbers that nobody knows.
func Advise(code, subcode int) (Advice, bool) {
	if inRange(2018182, code, 2018188) || inRange(2018182, subcode, 2018188) {
		code, subcode = 0, 2018173 // they are told as one
	}
	for _, c := range []codes{{code, subcode}, {0, subcode}, {0, code}, {code, 0}} {
		for _, a := range advices {
			if c != (codes{}) && a.Code == c.code && a.Subcode == c.subcode {
				return a, true
			}
		}
	}
	if inRange(201, code, 299) {
		return Advise(200, 0)
	}
	return Advice{}, false
}

// AdviseOn finds the advice on any error of a Client.
func AdviseOn(err error) (Advice, bool) {
	var refused *APIError
	if !errors.As(err, &refused) {
		return Advice{}, false
	}
	return Advise(refused.Code, refused.Subcode)
}

// numberForm finds a code, and perhaps its subcode, as people and logs write them.
var numberForm = regexp.MustCompile(`^\(?#?(\d{1,9})\)?(?:\s*/\s*#?(\d{1,9}))?$`)

// codeForm finds the code within Meta's words: "(#10) This message …", "code 190/463".
var codeForm = regexp.MustCompile(`\(#(\d{1,9})\)|(?i:\bcode\b["':\s]*)(\d{1,9})(?:/(\d{1,9}))?`)

// subcodeForm finds the subcode of a JSON answer.
var subcodeForm = regexp.MustCompile(`(?i)subcode["':\s]*(\d{1,9})`)

// FindAdvice finds the advice that somebody asks for: by number, as in 190/463 or (#10),
// or by Meta's words, whole or in part. The likeliest comes first; none: nothing is known.
func FindAdvice(question string) []Advice {
	question = strings.TrimSpace(question)
	if m := numberForm.FindStringSubmatch(question); m != nil {
		if a, ok := Advise(count(m[1]), count(m[2])); ok {
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
		if a, ok := Advise(count(m[1]+m[2]), subcode); ok && (subcode != 0 || len(said) == 0) {
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
