package dialogue

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Bounds of a file of cases.
const (
	maxCaseBytes = 4 << 20 // of one line
	maxTimes     = 1_000_000
)

// Case is one conformance case: a bot, a few steps of talk, and what must come of them.
type Case struct {
	Name        string            `json:"name"`
	Suite       string            `json:"suite"`
	Rules       []string          `json:"rules"`
	Dialect     string            `json:"dialect"`
	UTF8        bool              `json:"utf8"`
	Files       map[string]string `json:"files"`
	Settings    map[string]any    `json:"settings"`
	User        string            `json:"user"`
	Steps       []Step            `json:"steps"`
	Diagnostics []Expected        `json:"diagnostics"`
	Clean       bool              `json:"clean"`
	Public      bool              `json:"public"`
	HTTP        []CaseAnswer      `json:"http"`
	Directions  directions        `json:"directions"`
	Needs       []string          `json:"needs"`
}

// Expected is a diagnostic that the build must report.
type Expected struct {
	Code string `json:"code"`
	Line int    `json:"line"`
	File string `json:"file"`
}

// Step is one step of a case. Exactly one of its actions is set.
type Step struct {
	Say     *string            `json:"say"`
	Event   *CaseEvent         `json:"event"`
	Wait    *float64           `json:"wait"`
	Set     map[string]any     `json:"set"`
	Get     map[string]string  `json:"get"`
	Topic   *string            `json:"topic"`
	As      *string            `json:"as"`
	Load    map[string]*string `json:"load"`
	Matched map[string]string  `json:"matched"`
	Freeze  bool               `json:"freeze"`
	Thaw    string             `json:"thaw"`

	Expect  OneOf     `json:"expect"`
	Parts   *[]PartOf `json:"parts"`
	Silent  bool      `json:"silent"`
	Actions *[][]any  `json:"actions"`
	Times   int       `json:"times"`
	Cover   bool      `json:"cover"`
}

// CaseEvent is something that arrives and is no plain text.
type CaseEvent struct {
	Kind     string   `json:"kind"`
	Payload  string   `json:"payload"`
	Type     string   `json:"type"`
	URLs     []string `json:"urls"`
	Text     string   `json:"text"`
	Referral *struct {
		Ref    string `json:"ref"`
		Source string `json:"source"`
		Type   string `json:"type"`
		AdID   string `json:"ad_id"`
	} `json:"referral"`
}

// PartOf is an expected part. Missing keys stand for nothing.
type PartOf struct {
	Text       string  `json:"text"`
	Delay      float64 `json:"delay"`
	NoCancel   bool    `json:"nocancel"`
	Shortcodes [][]any `json:"shortcodes"`
}

// OneOf is a text, or a list of texts of which one must come. Nil expects nothing.
type OneOf []string

// UnmarshalJSON implements json.Unmarshaler.
func (o *OneOf) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*o = OneOf{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(o))
}

// ReadCases reads a file of cases, one JSON object a line. Errors name the line.
func ReadCases(r io.Reader) ([]Case, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxCaseBytes)
	var cases []Case
	names := map[string]int{}
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		c, err := readCase(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if before, taken := names[c.Name]; taken {
			return nil, fmt.Errorf("line %d: the name %q is taken by line %d", n, c.Name, before)
		}
		names[c.Name] = n
		cases = append(cases, c)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("after %d cases: %w", len(cases), err)
	}
	return cases, nil
}

func readCase(line []byte) (Case, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	c := Case{User: "localuser"}
	if err := decoder.Decode(&c); err != nil {
		return c, err
	}
	switch {
	case c.Name == "":
		return c, fmt.Errorf("the case has no name")
	case c.Dialect != "dexter" && c.Dialect != "rivescript":
		return c, fmt.Errorf("case %s: dialect is %q; write \"dexter\" or \"rivescript\"", c.Name, c.Dialect)
	case len(c.Files) == 0:
		return c, fmt.Errorf("case %s: it has no files", c.Name)
	}
	for i, step := range c.Steps {
		if n := step.actions(); n != 1 {
			return c, fmt.Errorf("case %s: step %d has %d actions; it needs exactly one of say, event, wait, set, get, topic, as, load, matched, freeze, thaw", c.Name, i+1, n)
		}
		if step.Times < 0 || step.Times > maxTimes {
			return c, fmt.Errorf("case %s: step %d: times must lie between 1 and %d", c.Name, i+1, maxTimes)
		}
	}
	return c, nil
}

func (s Step) actions() int {
	n := 0
	for _, set := range []bool{
		s.Say != nil, s.Event != nil, s.Wait != nil, s.Set != nil, s.Get != nil, s.Topic != nil,
		s.As != nil, s.Load != nil, s.Matched != nil, s.Freeze, s.Thaw != "",
	} {
		if set {
			n++
		}
	}
	return n
}

// Missing names what the case needs and this release does not have, or nothing.
func (c Case) Missing() string {
	for _, need := range c.Needs {
		switch need {
		case "macros", "http", "directions", "clock":
		default:
			return need
		}
	}
	return ""
}
