package dialogue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Bounds of a .chat file.
const (
	maxChatBytes = 1 << 20
	maxChatSteps = 10_000
)

// DefaultPatience is how far an expectation pulls the clock forward to reach a
// part that waits.
const DefaultPatience = 10 * time.Second

// Chat is one .chat file.
type Chat struct {
	Path  string
	Tests []Test
}

// Test is one conversation of a .chat file.
type Test struct {
	Name  string
	Line  int
	Skip  string // the reason, when the test is left out
	Given []Pair
	Steps []ChatStep
}

// Pair is one fact of a given line.
type Pair struct{ Key, Value string }

// stepKind says what a ChatStep does.
type stepKind uint8

const (
	stepSay stepKind = iota + 1
	stepEvent
	stepExpect // a bubble
	stepMark   // [kind] rest: more about the bubble before, or about the next one
	stepState  // ~
	stepWait   // wait 30s
	stepWaitNext
)

// ChatStep is one line of a test.
type ChatStep struct {
	Kind  stepKind
	Line  int
	Text  string // as written, for messages
	Value string // the text to say; the event's name; the bubble's text; the mark's kind
	Args  []string
	Match func(bubble string) bool // of a stepExpect that is compared by more than equality
	Any   bool                     // "< *"
	Rest  bool                     // "< ..."
	OneOf string                   // "< one of PLACE": the place, or "-" without
	Wait  time.Duration
}

// chatParser reads a .chat file line by line.
type chatParser struct {
	path   string
	line   int
	shared []Pair
	chat   Chat
	steps  int
}

// ParseChat reads a .chat file (authoring guide: it reads like a talk). The first
// fault ends the reading; the error names file, line and cure.
func ParseChat(path, text string) (Chat, error) {
	p := &chatParser{path: path, chat: Chat{Path: path}}
	if len(text) > maxChatBytes {
		return Chat{}, fmt.Errorf("%s: the file has %d bytes, more than %d: split it", path, len(text), maxChatBytes)
	}
	for i, line := range strings.Split(text, "\n") {
		p.line = i + 1
		line = strings.TrimSpace(strings.TrimSuffix(line, "\r"))
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		if err := p.read(line); err != nil {
			return Chat{}, fmt.Errorf("%s:%d: %w\n    %s", path, p.line, err, line)
		}
	}
	for i := range p.chat.Tests {
		p.chat.Tests[i].Given = append(p.shared[:len(p.shared):len(p.shared)], p.chat.Tests[i].Given...)
	}
	return p.chat, nil
}

func (p *chatParser) read(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case word == "test":
		return p.test(rest)
	case word == "given":
		return p.given(rest)
	case len(p.chat.Tests) == 0:
		return fmt.Errorf(`before the first test "NAME" only given lines may stand`)
	}
	step := ChatStep{Line: p.line, Text: line}
	var err error
	switch {
	case strings.HasPrefix(line, ">="):
		step.Kind = stepSay
		step.Value, err = unescape(strings.TrimSpace(line[2:]))
	case line[0] == '>':
		err = step.say(strings.TrimSpace(line[1:]))
	case strings.HasPrefix(line, "<="):
		step.Kind = stepExpect
		step.Value, err = unescape(strings.TrimSpace(line[2:]))
	case line[0] == '<':
		err = step.expect(strings.TrimSpace(line[1:]))
	case line[0] == '~':
		step.Kind, step.Value = stepState, strings.TrimSpace(line[1:])
	case word == "wait" && rest == "next":
		step.Kind = stepWaitNext
	case word == "wait":
		step.Kind = stepWait
		step.Wait, err = parseDuration(rest)
	default:
		err = fmt.Errorf(`a line begins with test, given, >, <, ~, wait or //`)
	}
	if err != nil {
		return err
	}
	if p.steps++; p.steps > maxChatSteps {
		return fmt.Errorf("the file has more than %d steps: split it", maxChatSteps)
	}
	test := &p.chat.Tests[len(p.chat.Tests)-1]
	test.Steps = append(test.Steps, step)
	return nil
}

func (p *chatParser) test(rest string) error {
	name, rest, err := cutString(rest)
	if err != nil {
		return fmt.Errorf(`test: write the name in double quotes: test "says hello"`)
	}
	t := Test{Name: name, Line: p.line}
	if rest != "" {
		reason, tail, err := cutString(strings.TrimSpace(strings.TrimPrefix(rest, "skip")))
		if !strings.HasPrefix(rest, "skip") || err != nil || tail != "" {
			return fmt.Errorf(`after the name only skip "REASON" may stand`)
		}
		t.Skip = reason
	}
	p.chat.Tests = append(p.chat.Tests, t)
	return nil
}

func (p *chatParser) given(rest string) error {
	pairs, err := parsePairs(rest)
	if err != nil {
		return err
	}
	if len(p.chat.Tests) == 0 {
		p.shared = append(p.shared, pairs...)
		return nil
	}
	t := &p.chat.Tests[len(p.chat.Tests)-1]
	if len(t.Steps) > 0 {
		return fmt.Errorf("given comes before the first line of the talk")
	}
	t.Given = append(t.Given, pairs...)
	return nil
}

// events of "> :name": the number of arguments each one takes.
var chatEvents = map[string]int{"tap": 1, "postback": 1, "get_started": 0, "referral": 1, "optin": 1, "attachment": 2}

func (s *ChatStep) say(text string) error {
	if !strings.HasPrefix(text, ":") {
		var err error
		s.Kind = stepSay
		s.Value, err = unescape(text)
		return err
	}
	name, rest, _ := strings.Cut(text[1:], " ")
	want, known := chatEvents[name]
	if !known {
		return fmt.Errorf("event :%s is not known; the events are :tap, :postback, :get_started, :referral, :optin and :attachment. To say the text itself write >= %s", name, text)
	}
	s.Kind, s.Value = stepEvent, name
	switch rest = strings.TrimSpace(rest); {
	case want == 1:
		s.Args = []string{strings.Trim(rest, `"`)}
	case want > 1:
		s.Args = strings.Fields(rest)
	}
	if len(s.Args) != want || want > 0 && s.Args[0] == "" {
		return fmt.Errorf("event :%s takes %d words", name, want)
	}
	return nil
}

func (s *ChatStep) expect(text string) error {
	s.Kind = stepExpect
	switch {
	case text == "*":
		s.Any = true
	case text == "...":
		s.Rest = true
	case text == "one of":
		s.OneOf = "-"
	case strings.HasPrefix(text, "one of "):
		s.OneOf = strings.TrimSpace(text[len("one of "):])
	case strings.HasPrefix(text, "["):
		kind, rest, closed := strings.Cut(text[1:], "]")
		if !closed {
			return fmt.Errorf("[%s has no closing ]", kind)
		}
		s.Kind, s.Value, s.Args = stepMark, kind, []string{strings.TrimSpace(rest)}
		return checkMark(kind)
	case strings.HasPrefix(text, "/"):
		return s.regexp(text)
	default:
		var err error
		s.Value, err = unescape(text)
		return err
	}
	return nil
}

func (s *ChatStep) regexp(text string) error {
	end := strings.LastIndexByte(text, '/')
	if end == 0 {
		return fmt.Errorf("the pattern has no closing /")
	}
	flags := text[end+1:]
	if strings.Trim(flags, "is") != "" {
		return fmt.Errorf("after the closing / only i and s may stand")
	}
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	re, err := regexp.Compile(flags + `\A(?:` + text[1:end] + `)\z`)
	if err != nil {
		return fmt.Errorf("the pattern cannot be read: %w", err)
	}
	s.Match = re.MatchString
	return nil
}

// unescape resolves the two escapes of a text: \n and \\.
func unescape(text string) (string, error) {
	if !strings.Contains(text, `\`) {
		return text, nil
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch {
		case i < len(text) && text[i] == 'n':
			b.WriteByte('\n')
		case i < len(text) && text[i] == '\\':
			b.WriteByte('\\')
		default:
			return "", fmt.Errorf(`a backslash stands before n or another backslash; write \\ for the sign itself`)
		}
	}
	return b.String(), nil
}

// cutString takes a text in double quotes off the front.
func cutString(text string) (value, rest string, err error) {
	quoted, err := strconv.QuotedPrefix(text)
	if err != nil || quoted[0] != '"' {
		return "", "", fmt.Errorf("a text in double quotes is missing")
	}
	value, err = strconv.Unquote(quoted)
	return value, strings.TrimSpace(text[len(quoted):]), err
}

// parsePairs reads "key = value, key = "a, b"".
func parsePairs(text string) ([]Pair, error) {
	var pairs []Pair
	for text != "" {
		key, rest, found := strings.Cut(text, "=")
		if key = strings.TrimSpace(key); !found || key == "" {
			return nil, fmt.Errorf("given: write name = value, and commas between several")
		}
		rest = strings.TrimSpace(rest)
		var value string
		if strings.HasPrefix(rest, `"`) {
			var err error
			if value, rest, err = cutString(rest); err != nil {
				return nil, fmt.Errorf("given: the value of %s has no closing quote", key)
			}
			if rest != "" && rest[0] != ',' {
				return nil, fmt.Errorf("given: a comma is missing after the value of %s", key)
			}
			text = strings.TrimSpace(strings.TrimPrefix(rest, ","))
		} else {
			value, text, _ = strings.Cut(rest, ",")
			value, text = strings.TrimSpace(value), strings.TrimSpace(text)
		}
		pairs = append(pairs, Pair{key, value})
	}
	return pairs, nil
}

// parseDuration reads 1h30m, 500ms, 2d.
func parseDuration(text string) (time.Duration, error) {
	var days time.Duration
	rest := text
	if before, after, found := strings.Cut(text, "d"); found {
		n, err := strconv.ParseFloat(before, 64)
		if err != nil {
			return 0, fmt.Errorf("wait: %q is no time; write 30s, 1h30m, 2d or next", text)
		}
		days, rest = time.Duration(n*24*float64(time.Hour)), after
	}
	if rest == "" && days > 0 {
		return days, nil
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("wait: %q is no time; write 30s, 1h30m, 2d or next", text)
	}
	return days + d, nil
}
