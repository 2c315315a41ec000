package workshop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/sdk/abi"
)

// Case is one call of a plug-in, or several in one reply, with the world around it and
// what is expected.
type Case struct {
	Name    string            `json:"name"`
	Tag     string            `json:"tag"` // as in a script: <weather city=Oslo>
	Now     time.Time         `json:"now"` // 2026-01-01 at noon UTC without
	Seed    uint64            `json:"seed"`
	Person  string            `json:"person"`  // id
	Vars    map[string]string `json:"vars"`    // of the person
	State   map[string]string `json:"state"`   // what the plug-in has kept for all
	About   map[string]string `json:"about"`   // what it has kept about the person
	Config  map[string]any    `json:"config"`  // settings of the owner
	Secrets map[string]string `json:"secrets"` // made-up ones
	HTTP    []Answer          `json:"http"`
	Granted []string          `json:"granted"` // the only capabilities of its wishes that are granted; absent: all
	Expect  Expectation       `json:"expect"`
}

// Answer is what the network says to a request, as it was written down.
type Answer struct {
	Request string          `json:"request"` // "GET https://api.example.org/*"; a * at the end stands for anything
	Status  int             `json:"status"`  // 200 without
	JSON    json.RawMessage `json:"json"`    // body
	Body    string          `json:"body"`    // the same, as a text
	Error   string          `json:"error"`   // no answer comes, for this reason
}

// Expectation is what a call must come to. What is left out may be anything.
type Expectation struct {
	Text    *string           `json:"text"`    // what it says, all together
	Error   *string           `json:"error"`   // why it fails; a call that fails unexpectedly fails its case
	Effects []string          `json:"effects"` // what it does, in order, as direction test prints it
	Log     []string          `json:"log"`     // its lines: "info: greeted Ann"
	Vars    map[string]string `json:"vars"`    // afterwards
	State   map[string]string `json:"state"`
	About   map[string]string `json:"about"`
}

// noon is when a case takes place that does not say it.
var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// maxCases bounds the cases of one file; more of them belong into several files.
const maxCases = 10_000

// ReadCases reads cases: a list in JSON. The error says which of them is wrong.
func ReadCases(data []byte) ([]Case, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		var form *json.SyntaxError
		if errors.As(err, &form) {
			read := bytes.TrimRight(data[:min(int(form.Offset), len(data))], "\r\n")
			line := 1 + bytes.Count(read, []byte("\n"))
			return nil, fmt.Errorf("line %d: it is not JSON: %w", line, err)
		}
		return nil, errors.New(`it is no list of cases: [{"name": "greets", "tag": "<hello>", "expect": {"text": "Hello!"}}]`)
	}
	if len(raw) > maxCases {
		return nil, fmt.Errorf("there are %d cases, more than %d", len(raw), maxCases)
	}
	cases := make([]Case, len(raw))
	for i := range raw {
		d := json.NewDecoder(bytes.NewReader(raw[i]))
		d.DisallowUnknownFields()
		c := &cases[i]
		if err := d.Decode(c); err != nil {
			return nil, fmt.Errorf("case %d: %s", i+1, shapeFault(err))
		}
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("case %d: %w", i+1, err)
		}
	}
	return cases, nil
}

// shapeFault says in words of authors in what a case is not written as one.
func shapeFault(err error) string {
	var date *time.ParseError
	if errors.As(err, &date) {
		return "now is " + strconv.Quote(date.Value) + "; write a time such as 2026-01-02T15:04:05Z"
	}
	var kind *json.UnmarshalTypeError
	if !errors.As(err, &kind) {
		return strings.TrimPrefix(err.Error(), "json: ")
	}
	want := map[reflect.Kind]string{
		reflect.String: "a text", reflect.Slice: "a list", reflect.Map: "an object", reflect.Struct: "an object",
	}[kind.Type.Kind()]
	if want == "" {
		want = "a whole number"
	}
	if kind.Field == "" {
		return "it has to be " + want
	}
	return kind.Field + " has to be " + want + ", and is " + article(kind.Value)
}

// article puts the right one before what encoding/json calls a value.
func article(value string) string {
	switch {
	case value == "bool":
		return "true or false"
	case value == "array":
		return "a list"
	case value == "string":
		return "a text"
	case strings.HasPrefix(value, "number"):
		return "a number"
	}
	return "an " + value
}

// check says what is wrong with a case, and fills in what was left out.
func (c *Case) check() error {
	c.Tag = strings.TrimSpace(c.Tag)
	switch {
	case c.Tag == "":
		return errors.New(`there is no tag: write "tag": "<hello to=Ann>"`)
	case strings.ContainsAny(c.Tag, "\r\n"):
		return errors.New(`the tag has a line break; in a script that is written \n, and so in JSON "\\n"`)
	}
	if c.Name == "" {
		c.Name = c.Tag
	}
	if c.Now.IsZero() {
		c.Now = noon
	}
	if c.Person == "" {
		c.Person = "ann"
	}
	for i := range c.HTTP {
		a := &c.HTTP[i]
		method, address, ok := strings.Cut(a.Request, " ")
		if !ok || method != strings.ToUpper(method) || !strings.Contains(address, "://") {
			return fmt.Errorf(`http: request is %q; write a method and an address: "GET https://api.example.org/*"`, a.Request)
		}
		if a.JSON != nil {
			a.Body = string(a.JSON)
		}
		if a.Status == 0 {
			a.Status = 200
		}
	}
	for _, name := range c.Granted {
		if _, known := abi.CapabilityNamed(name); !known {
			return fmt.Errorf("granted: %q is no capability", name)
		}
	}
	return nil
}
