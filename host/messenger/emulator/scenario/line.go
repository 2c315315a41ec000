package scenario

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// word is one part of a line: bare, quoted, or key=value.
type word struct {
	key    string // empty: it has none
	text   string
	quoted bool
}

// line is one line, cut into words.
type line struct {
	number int
	verb   string
	rest   []word
}

func (l *line) problem(cure, format string, args ...any) *Problem {
	return &Problem{l.number, fmt.Sprintf(format, args...), cure}
}

// split cuts a line into words. Nil and no problem: there is nothing in it.
func split(number int, text string) (*line, *Problem) {
	l := &line{number: number}
	var words []word
	rest := text
	for {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" || rest[0] == '#' {
			break
		}
		w, after, problem := l.word(rest)
		if problem != nil {
			return nil, problem
		}
		if after != "" && !strings.ContainsRune(" \t#", rune(after[0])) {
			return nil, l.problem("put a space between them", "%.20q runs into %.20q", w.text, after)
		}
		words, rest = append(words, w), after
	}
	if len(words) == 0 {
		return nil, nil
	}
	if words[0].quoted || words[0].key != "" {
		return nil, l.problem("begin with a verb, such as: say \"hello\"", "the line does not begin with a verb")
	}
	l.verb, l.rest = words[0].text, words[1:]
	return l, nil
}

// word reads the first word of text.
func (l *line) word(text string) (w word, after string, problem *Problem) {
	if i := strings.IndexAny(text, "= \t\"'#"); i > 0 && text[i] == '=' {
		w.key, text = text[:i], text[i+1:]
	}
	switch {
	case text == "":
		return w, "", nil
	case text[0] == '"':
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return w, "", l.problem(`end it with " on the same line, and write \" for one inside`, "a text is not closed")
		}
		w.text, _ = strconv.Unquote(quoted) // QuotedPrefix has seen to it
		w.quoted = true
		return w, text[len(quoted):], nil
	case text[0] == '\'':
		inside, after, closed := strings.Cut(text[1:], "'")
		if !closed {
			return w, "", l.problem("end it with ' on the same line", "a text is not closed")
		}
		w.text, w.quoted = inside, true
		return w, after, nil
	}
	end := strings.IndexAny(text, " \t")
	if end < 0 {
		end = len(text)
	}
	w.text = text[:end]
	return w, text[end:], nil
}

// options are the key=value words, and the others.
func (l *line) options() (plain []word, options map[string]word) {
	options = map[string]word{}
	for _, w := range l.rest {
		if w.key == "" {
			plain = append(plain, w)
		} else {
			options[w.key] = w
		}
	}
	return plain, options
}

// decode puts options into a struct by its JSON names. A bare number, true, false, or
// JSON stands for itself where the field wants it, else for its text.
func (l *line) decode(options map[string]word, into any) *Problem {
	for _, key := range l.keys(options) {
		w := options[key]
		text := value.Raw(w.text)
		tries := []json.RawMessage{text}
		if json.Valid([]byte(w.text)) {
			tries = append(tries, json.RawMessage(w.text))
		}
		if !w.quoted && strings.Contains(w.text, ",") {
			tries = append(tries, value.Raw(strings.Split(w.text, ",")))
		} else {
			tries = append(tries, value.Raw([]string{w.text}))
		}
		var err error
		for _, try := range tries {
			d := json.NewDecoder(strings.NewReader(`{` + strconv.Quote(key) + `:` + string(try) + `}`))
			d.DisallowUnknownFields()
			if err = d.Decode(into); err == nil {
				break
			}
		}
		if err != nil {
			cure := "use one of " + strings.Join(names(into), ", ")
			if contains(names(into), key) {
				cure = "give it a value of its kind, such as a number or true"
			}
			return l.problem(cure, "%s does not take %s=%.40q", l.verb, key, w.text)
		}
	}
	return nil
}
