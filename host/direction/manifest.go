package direction

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/syntax"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// Limits of plug-ins. What their calls may use is here as well (section 28 of the
// language): a manifest or a grant may ask for less.
const (
	MaxTime   = 2 * time.Second // of a call
	MaxMemory = 16 << 20        // bytes of memory
	// maxDirections and maxAttributes bound what a manifest declares.
	maxDirections = 50
	maxAttributes = 50
	// maxName is the length of the name of a plug-in, a direction or an attribute, in bytes.
	maxName = 64
)

// Manifest is what a plug-in says of itself.
type Manifest struct {
	Version     string        `json:"version"`
	Minor       int           `json:"minor"`
	Description string        `json:"description"`
	Stateless   bool          `json:"stateless"`
	Directions  []Declaration `json:"directions"`
	Wants       []Want        `json:"wants"`
	Time        int           `json:"time"`   // milliseconds; 0: MaxTime
	Memory      int           `json:"memory"` // bytes; 0: MaxMemory
}

// Declaration is a tag that a plug-in offers.
type Declaration struct {
	Name        string      `json:"name"`
	Form        string      `json:"form"` // inline, block or effect
	Description string      `json:"description"`
	Attributes  []Attribute `json:"attributes"`

	opening string // what the payload of every call begins with
}

// Attribute is an attribute of a tag.
type Attribute struct {
	Name        string   `json:"name"`
	Kind        string   `json:"kind"`
	Required    bool     `json:"required"`
	Default     *string  `json:"default"`
	Min         *float64 `json:"min"`
	Max         *float64 `json:"max"`
	Choices     []string `json:"choices"`
	Description string   `json:"description"`

	key   string // how the payload of a call names it
	known link.Parameter
}

// Want is a capability that a plug-in asks for.
type Want struct {
	Capability string   `json:"capability"`
	Items      []string `json:"items"`
	Reason     string   `json:"reason"`
}

// Parse reads a manifest and fills in what was left out. The error names every field
// that is wrong, and says what may stand there.
func Parse(data []byte) (*Manifest, error) {
	var version struct {
		Minor int `json:"minor"`
	}
	if !utf8.Valid(data) {
		return nil, errors.New("manifest: it is not UTF-8")
	}
	if json.Unmarshal(data, &version) == nil && version.Minor > abi.Minor {
		return nil, fmt.Errorf("this direction needs ABI %d.%d, this server offers %d.%d", abi.Major, version.Minor, abi.Major, abi.Minor)
	}
	m := &Manifest{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("manifest: %w", inWords(err))
	}
	if d.More() {
		return nil, errors.New("manifest: something stands behind its end")
	}
	c := &checker{}
	c.manifest(m)
	for i := range m.Directions {
		m.Directions[i].prepare()
	}
	return m, c.error()
}

// prepare makes ready what every call needs.
func (d *Declaration) prepare() {
	d.opening = string(appendText([]byte(`{"name":`), d.Name)) + `,"attributes":{`
	for i := range d.Attributes {
		a := &d.Attributes[i]
		a.key, a.known = string(appendText(nil, a.Name))+":", a.parameter()
	}
}

// inWords says what is wrong with a text that is no manifest.
func inWords(err error) error {
	var kind *json.UnmarshalTypeError
	var form *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		return fmt.Errorf("%s is a %s, and has to be a %s", kind.Field, kind.Value, kind.Type)
	case errors.As(err, &form):
		return fmt.Errorf("it is not JSON, from byte %d on", form.Offset)
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return fmt.Errorf("field %s is not known in ABI %d.%d", strings.TrimPrefix(err.Error(), "json: unknown field "), abi.Major, abi.Minor)
	}
	return errors.New("it is not JSON, or cut short")
}

// checker gathers what is wrong with a manifest.
type checker struct{ problems []string }

func (c *checker) add(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *checker) error() error {
	if len(c.problems) == 0 {
		return nil
	}
	return fmt.Errorf("manifest: %s", strings.Join(c.problems, "; "))
}

// nameForm is what names look like.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// CheckName says what is wrong with the name of a plug-in.
func CheckName(name string) error {
	if problem := checkName(name); problem != "" {
		return errors.New(problem)
	}
	return nil
}

// checkName says what is wrong with a name, or nothing.
func checkName(name string) string {
	switch {
	case !nameForm.MatchString(name):
		return fmt.Sprintf("%q is no name: small letters, digits, _ and -, beginning with a letter", name)
	case len(name) > maxName:
		return fmt.Sprintf("name %s… has %d bytes, more than %d", name[:20], len(name), maxName)
	}
	return ""
}

func (c *checker) manifest(m *Manifest) {
	if len(m.Directions) == 0 {
		c.add("directions is empty: a plug-in offers at least one")
	}
	if len(m.Directions) > maxDirections {
		c.add("directions has %d entries, more than %d", len(m.Directions), maxDirections)
		return
	}
	seen := map[string]bool{}
	for i := range m.Directions {
		d := &m.Directions[i]
		if seen[d.Name] {
			c.add("direction %s is there twice", d.Name)
		}
		seen[d.Name] = true
		c.declaration(d)
	}
	c.wants(m.Wants)
	if m.Time < 0 || m.Time > int(MaxTime.Milliseconds()) {
		c.add("time is %d; it is a number of milliseconds from 1 to %d", m.Time, MaxTime.Milliseconds())
	}
	if m.Memory < 0 || m.Memory > MaxMemory {
		c.add("memory is %d; it is a number of bytes from 1 to %d", m.Memory, MaxMemory)
	}
	if m.Time == 0 {
		m.Time = int(MaxTime.Milliseconds())
	}
	if m.Memory == 0 {
		m.Memory = MaxMemory
	}
}

func (c *checker) declaration(d *Declaration) {
	if problem := checkName(d.Name); problem != "" {
		c.add("directions: %s", problem)
		return
	}
	if d.Form == "" {
		d.Form = abi.FormInline
	}
	if !slices.Contains([]string{abi.FormInline, abi.FormBlock, abi.FormEffect}, d.Form) {
		c.add("direction %s: form is %q; write inline, block or effect", d.Name, d.Form)
	}
	if len(d.Attributes) > maxAttributes {
		c.add("direction %s has %d attributes, more than %d", d.Name, len(d.Attributes), maxAttributes)
		return
	}
	seen := map[string]bool{}
	for i := range d.Attributes {
		a := &d.Attributes[i]
		if seen[a.Name] {
			c.add("direction %s: attribute %s is there twice", d.Name, a.Name)
		}
		seen[a.Name] = true
		if problem := a.check(); problem != "" {
			c.add("direction %s: %s", d.Name, problem)
		}
	}
}

// check fills in the kind and says what is wrong with an attribute, or nothing.
func (a *Attribute) check() string {
	if problem := checkName(a.Name); problem != "" {
		return "attributes: " + problem
	}
	if a.Kind == "" {
		a.Kind = abi.KindText
	}
	numeric := a.Kind == abi.KindNumber || a.Kind == abi.KindInteger
	switch {
	case a.Name == fallback:
		return "attribute fallback is the host's own, and every direction has it"
	case !slices.Contains([]string{abi.KindText, abi.KindNumber, abi.KindInteger, abi.KindBoolean, abi.KindChoice, abi.KindURL}, a.Kind):
		return fmt.Sprintf("attribute %s: kind is %q; write text, number, integer, boolean, choice or url", a.Name, a.Kind)
	case !numeric && (a.Min != nil || a.Max != nil):
		return fmt.Sprintf("attribute %s: only numbers and integers have min and max", a.Name)
	case a.Min != nil && a.Max != nil && *a.Min > *a.Max:
		return fmt.Sprintf("attribute %s: min is above max", a.Name)
	case a.Kind == abi.KindChoice && len(a.Choices) == 0:
		return fmt.Sprintf("attribute %s: a choice needs choices", a.Name)
	case a.Kind != abi.KindChoice && len(a.Choices) > 0:
		return fmt.Sprintf("attribute %s: only a choice has choices", a.Name)
	case a.Required && a.Default != nil:
		return fmt.Sprintf("attribute %s is required and has a default: it is one or the other", a.Name)
	}
	if a.Default != nil {
		p := a.parameter()
		if problem := p.Problem(*a.Default); problem != "" {
			return "default: " + problem
		}
	}
	return ""
}

// parameter is the attribute as the compiler knows it.
func (a *Attribute) parameter() link.Parameter {
	return link.Parameter{Name: a.Name, Kind: a.Kind, Required: a.Required, Min: a.Min, Max: a.Max, Choices: a.Choices}
}

// fallback is the attribute every direction takes (L-EXT-6).
const fallback = "fallback"

func (c *checker) wants(wants []Want) {
	seen := map[string]bool{}
	for _, w := range wants {
		capability, known := abi.CapabilityNamed(w.Capability)
		switch {
		case !known:
			c.add("wants: %q is no capability; there are %s", w.Capability, strings.Join(capabilityNames(), ", "))
		case seen[w.Capability]:
			c.add("wants: %s is there twice", w.Capability)
		case strings.TrimSpace(w.Reason) == "":
			c.add("wants: %s has no reason; the owner of a bot wants to know why", w.Capability)
		case capability.Items != "" && len(w.Items) == 0:
			c.add("wants: %s needs items: the %s that are meant", w.Capability, capability.Items)
		case capability.Items == "" && len(w.Items) > 0:
			c.add("wants: %s has no items", w.Capability)
		}
		seen[w.Capability] = true
	}
}

func capabilityNames() []string {
	names := make([]string, len(abi.Capabilities))
	for i, c := range abi.Capabilities {
		names[i] = c.Name
	}
	return names
}

// taken are the directions of a manifest whose names are tags of the language (L-EXT-2).
func (m *Manifest) taken() []string {
	var names []string
	for _, d := range m.Directions {
		if syntax.Reserved(d.Name) {
			names = append(names, "<"+d.Name+">")
		}
	}
	return names
}
