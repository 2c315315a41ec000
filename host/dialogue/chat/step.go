package chat

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/script/diag"
)

// read reads the line of a step.
func (s *Step) read(line, word, rest string) (err error) {
	switch {
	case strings.HasPrefix(line, ">="):
		s.Kind = Say
		s.Text, err = unescape(strings.TrimSpace(line[2:]))
	case line[0] == '>':
		err = s.say(strings.TrimSpace(line[1:]))
	case strings.HasPrefix(line, "<="):
		s.Kind = Expect
		s.Want.text, err = unescape(strings.TrimSpace(line[2:]))
	case line[0] == '<':
		err = s.expect(strings.TrimSpace(line[1:]))
	case line[0] == '~':
		err = s.state(strings.TrimSpace(line[1:]))
	case word == "wait":
		err = s.wait(rest)
	default:
		help := "a line begins with >, <, ~, wait, given, stub, test or //"
		if near := diag.Nearest(word, []string{"test", "given", "stub", "wait"}); near != "" {
			help = diag.DidYouMean(near)
		}
		err = wrong(word, help, "%q begins no line of a test", word)
	}
	return err
}

// events are those of "> :name", with the words that belong to each.
var events = map[string][]string{
	"tap": {"TITLE"}, "postback": {"PAYLOAD"}, "get_started": nil, "referral": {"REF"}, "optin": {"REF"},
	"read": nil, "reaction": {"EMOJI"}, "attachment": {"KIND", "URL"},
}

// attachments are the kinds of attachments.
var attachments = []string{"image", "audio", "video", "file", "location"}

func (s *Step) say(text string) (err error) {
	switch {
	case strings.HasPrefix(text, "@"):
		s.Kind, s.Text = Raw, strings.Trim(strings.TrimSpace(text[1:]), `"`)
		if s.Text == "" {
			return wrong(text, "write @event.json", "the name of a file is missing")
		}
		return nil
	case !strings.HasPrefix(text, ":"):
		s.Kind = Say
		s.Text, err = unescape(text)
		return err
	}
	name, rest, _ := strings.Cut(text[1:], " ")
	names, known := events[name]
	if !known {
		all := make([]string, 0, len(events))
		for other := range events {
			all = append(all, other)
		}
		slices.Sort(all)
		help := "the events are :" + strings.Join(all, ", :") + "; to say the text itself write >= " + text
		if near := diag.Nearest(name, all); near != "" {
			help = diag.DidYouMean(":" + near)
		}
		return wrong(":"+name, help, "event :%s is not known", name)
	}
	s.Kind, s.Text = Event, name
	return s.arguments(names, strings.TrimSpace(rest))
}

// arguments reads what belongs to an event. The last one takes the rest of the line.
func (s *Step) arguments(names []string, rest string) (err error) {
	usage := strings.TrimSpace(":" + s.Text + " " + strings.Join(names, " "))
	for i := range names {
		word := rest
		if i < len(names)-1 || strings.HasPrefix(rest, `"`) {
			if word, rest, err = cutWord(rest); err != nil {
				return err
			}
		} else {
			rest = ""
		}
		if word == "" {
			return wrong("", "write > "+usage, ":%s needs %s", s.Text, names[i])
		}
		s.Args = append(s.Args, word)
	}
	if rest != "" {
		return wrong(rest, "write > "+usage, ":%s takes no more words", s.Text)
	}
	if s.Text == "attachment" && !slices.Contains(attachments, s.Args[0]) {
		return wrong(s.Args[0], "the kinds are "+strings.Join(attachments, ", "), "%q is no kind of attachment", s.Args[0])
	}
	return nil
}

// place is a file name with a line.
var place = regexp.MustCompile(`^[^\s:]+:[0-9]+$`)

func (s *Step) expect(text string) (err error) {
	s.Kind = Expect
	switch {
	case text == "*":
		s.Want.any = true
	case text == "...":
		s.Want.rest = true
	case text == "one of" || strings.HasPrefix(text, "one of "):
		s.Want.oneOf, s.Want.place = true, strings.TrimSpace(text[len("one of"):])
		if s.Want.place != "" && !place.MatchString(s.Want.place) {
			return wrong(s.Want.place, "write greeting.topic:9, or nothing for the trigger that matched; <= takes the text as it is", "%q is no place of a trigger", s.Want.place)
		}
	case strings.HasPrefix(text, "["):
		s.Kind = Mark
		s.Mark, err = readMark(text)
		return err
	case strings.HasPrefix(text, "/"):
		s.Want.match, err = pattern(text)
		return err
	default:
		s.Want.text, err = unescape(text)
		return err
	}
	return nil
}

// pattern reads /re/flags.
func pattern(text string) (*regexp.Regexp, error) {
	end := strings.LastIndexByte(text, '/')
	if end == 0 {
		return nil, wrong(text, "write / at its end; <= takes the text as it is", "the pattern has no closing /")
	}
	flags := text[end+1:]
	if strings.Trim(flags, "is") != "" {
		return nil, wrong(flags, "i ignores case, s lets . match line breaks", "after the closing / only i and s may stand")
	}
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	re, err := regexp.Compile(flags + `\A(?:` + text[1:end] + `)\z`)
	if err != nil {
		return nil, wrong(text[1:end], "", "the pattern cannot be read: %v", err)
	}
	return re, nil
}

func (s *Step) wait(rest string) (err error) {
	word, until, _ := strings.Cut(rest, " ")
	switch {
	case rest == "next":
		s.Kind = WaitNext
	case word == "until":
		s.Kind, s.Text = WaitUntil, strings.TrimSpace(until)
		_, day := time.Parse(time.RFC3339, s.Text)
		_, clock := time.Parse("15:04", s.Text)
		if day != nil && clock != nil {
			return wrong(rest, "write 09:00 or 2026-01-01T09:00:00Z", "%q is no time", s.Text)
		}
	default:
		s.Kind = Wait
		s.For, err = duration(rest)
	}
	return err
}

// factKinds are the facts of a ~ line.
var factKinds = []string{"topic", "set", "unset", "trigger", "called", "pending", "window"}

func (s *Step) state(text string) error {
	s.Kind = State
	for _, part := range split(text, ";") {
		kind, rest, _ := strings.Cut(part, " ")
		rest = strings.TrimSpace(rest)
		f := fact{kind: kind, name: rest}
		switch {
		case !slices.Contains(factKinds, kind):
			help := "the facts are " + strings.Join(factKinds, ", ")
			if near := diag.Nearest(kind, factKinds); near != "" {
				help = diag.DidYouMean(near)
			}
			return wrong(kind, help, "%q is no fact", kind)
		case rest == "":
			return wrong(part, "", "%s needs more words", kind)
		case kind == "set":
			list, err := pairs(rest)
			if err != nil {
				return err
			}
			for _, p := range list {
				s.Facts = append(s.Facts, fact{kind: kind, name: p.Name, value: p.Value})
			}
			continue
		case kind == "trigger" && !place.MatchString(rest):
			return wrong(rest, "write greeting.topic:9", "%q is no place of a trigger", rest)
		case kind == "window" && rest != "open" && rest != "closed":
			return wrong(rest, "write open or closed", "the window is open or closed, not %q", rest)
		case kind == "pending" && strings.Trim(rest, "0123456789") != "":
			return wrong(rest, "write a whole number", "%q is no number", rest)
		case kind == "called":
			var err error
			if f.name, f.attrs, err = tag(rest); err != nil {
				return err
			}
		}
		s.Facts = append(s.Facts, f)
	}
	return nil
}

// tag reads the name of a direction and attributes: weather city="New York" now.
func tag(text string) (name string, attrs []Pair, err error) {
	name, rest, _ := strings.Cut(text, " ")
	name = strings.ToLower(strings.Trim(name, "<>"))
	for rest = strings.TrimSpace(rest); rest != ""; {
		key, after := rest, ""
		if i := strings.IndexAny(rest, "= "); i >= 0 {
			key, after = rest[:i], rest[i:]
		}
		value := ""
		if strings.HasPrefix(after, "=") {
			if value, after, err = cutWord(after[1:]); err != nil {
				return "", nil, err
			}
		}
		if key == "" {
			return "", nil, wrong(rest, "write name=value", "the name of an attribute is missing")
		}
		attrs = append(attrs, Pair{strings.ToLower(key), value})
		rest = strings.TrimSpace(after)
	}
	return name, attrs, nil
}

// markKinds are the kinds of structure that a test can ask for.
var markKinds = []string{"quick", "buttons", "cards", "image", "audio", "video", "file", "typing", "json"}

// readMark reads "[kind] rest".
func readMark(text string) (mark, error) {
	kind, rest, closed := strings.Cut(text[1:], "]")
	rest = strings.TrimSpace(rest)
	m := mark{kind: kind}
	switch {
	case !closed:
		return m, wrong(text, "write ] behind its name; <= takes the text as it is", "[%s has no closing ]", kind)
	case !slices.Contains(markKinds, kind):
		help := "the kinds are [" + strings.Join(markKinds, "], [") + "]; <= takes the text as it is"
		if near := diag.Nearest(kind, markKinds); near != "" {
			help = diag.DidYouMean("[" + near + "]")
		}
		return m, wrong("["+kind+"]", help, "[%s] is not known", kind)
	case kind == "typing" && rest != "":
		return m, wrong(rest, "", "nothing stands behind [typing]")
	case kind == "typing":
		return m, nil
	case rest == "":
		return m, wrong("", "write * for any", "what should be there is missing")
	case rest == "*":
		m.any = true
		return m, nil
	case kind == "json":
		if json.Unmarshal([]byte(rest), &m.json) != nil {
			return m, wrong(rest, "", "this is no JSON")
		}
		return m, nil
	case slices.Contains(attachments, kind):
		m.url = strings.Trim(rest, `"`)
		return m, nil
	}
	for _, piece := range split(rest, "|") {
		it, err := readItem(piece, signs[kind])
		if err != nil {
			return m, err
		}
		m.items = append(m.items, it)
	}
	return m, nil
}

// signs stand between a title and what belongs to it.
var signs = map[string]string{"quick": "=", "buttons": "->", "cards": "—"}

// readItem reads a title, and perhaps what belongs to it.
func readItem(text, sign string) (item, error) {
	list := split(text, sign)
	var it item
	var err error
	if it.title, err = titled(list[0]); err != nil {
		return it, err
	}
	if it.title == "" {
		return it, wrong(text, "", "a title is missing")
	}
	if len(list) > 1 {
		it.asked = true
		it.more, err = titled(strings.Join(list[1:], " "+sign+" "))
	}
	return it, err
}

func titled(text string) (string, error) {
	if !strings.HasPrefix(text, `"`) {
		return text, nil
	}
	value, rest, err := cutString(text)
	if err == nil && rest != "" {
		err = wrong(rest, "", "nothing may stand behind the closing quote")
	}
	return value, err
}
