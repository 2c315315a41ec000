// Package selection reads Graph's field lists, such as "id,messages.limit(5){id,from}",
// cuts objects down to them, and lists into pages.
//
// It knows no field by name. No API of the host is promised.
package selection

import (
	"fmt"
	"strconv"
	"strings"
)

// Bounds of a field list: its bytes, and how deep its braces nest.
const (
	maxSource = 10_000
	maxDepth  = 5
)

// Field is one wanted field.
type Field struct {
	Name  string
	Limit int    // of .limit(n); 0: none was given
	Of    Fields // what is wanted of it in turn; nil: the default
}

// Fields is a field list. Nil wants the default.
type Fields []Field

// Parse reads a field list. The error says where it went wrong, in bytes from 0.
func Parse(source string) (Fields, error) {
	if len(source) > maxSource {
		return nil, fmt.Errorf("field list of %d bytes: at most %d are read", len(source), maxSource)
	}
	p := &parser{source: source}
	fields, err := p.list(0)
	if err != nil {
		return nil, err
	}
	if p.at < len(source) {
		return nil, p.errorf("unexpected %q", source[p.at])
	}
	return fields, nil
}

// Names are the fields' names, or those given where nothing was asked for.
func (f Fields) Names(otherwise ...string) []string {
	if len(f) == 0 {
		return otherwise
	}
	out := make([]string, len(f))
	for i, one := range f {
		out[i] = one.Name
	}
	return out
}

// Get is the field of that name, and whether it is wanted.
func (f Fields) Get(name string) (Field, bool) {
	for _, one := range f {
		if one.Name == name {
			return one, true
		}
	}
	return Field{}, false
}

// Pick is of all what the list names, or otherwise does where it names nothing. The
// id always comes along. unknown is the first name that all does not have; empty: none.
// A nil value in all stands for a field that exists and has nothing: it is left out.
func (f Fields) Pick(all map[string]any, otherwise ...string) (picked map[string]any, unknown string) {
	picked = map[string]any{}
	if id, ok := all["id"]; ok {
		picked["id"] = id
	}
	for _, name := range f.Names(otherwise...) {
		v, ok := all[name]
		if !ok {
			return nil, name
		}
		if v != nil {
			picked[name] = v
		}
	}
	return picked, ""
}

type parser struct {
	source string
	at     int
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("field list, byte %d: %s", p.at, fmt.Sprintf(format, args...))
}

func (p *parser) space() {
	for p.at < len(p.source) && strings.IndexByte(" \t\r\n", p.source[p.at]) >= 0 {
		p.at++
	}
}

// list reads fields up to the end or a closing brace.
func (p *parser) list(depth int) (Fields, error) {
	if depth > maxDepth {
		return nil, p.errorf("braces nest more than %d deep", maxDepth)
	}
	var out Fields
	for {
		p.space()
		if p.at == len(p.source) || p.source[p.at] == '}' {
			return out, nil
		}
		if p.source[p.at] == ',' {
			p.at++
			continue
		}
		one, err := p.field(depth)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
		p.space()
		if p.at < len(p.source) && p.source[p.at] != ',' && p.source[p.at] != '}' {
			return nil, p.errorf("unexpected %q", p.source[p.at])
		}
	}
}

func (p *parser) field(depth int) (f Field, err error) {
	if f.Name = p.word(); f.Name == "" {
		return f, p.errorf("want a field's name, not %q", p.source[p.at])
	}
	for p.at < len(p.source) && p.source[p.at] == '.' {
		p.at++
		if err := p.modifier(&f); err != nil {
			return f, err
		}
	}
	if p.at == len(p.source) || p.source[p.at] != '{' {
		return f, nil
	}
	p.at++
	if f.Of, err = p.list(depth + 1); err != nil {
		return f, err
	}
	if p.at == len(p.source) {
		return f, p.errorf("a brace is not closed")
	}
	p.at++
	return f, nil
}

// modifier reads what follows a dot, such as limit(5). Only limit means something here.
func (p *parser) modifier(f *Field) error {
	name := p.word()
	rest, ok := strings.CutPrefix(p.source[p.at:], "(")
	argument, _, closed := strings.Cut(rest, ")")
	if name == "" || !ok || !closed {
		return p.errorf("want a modifier such as limit(5)")
	}
	if name == "limit" {
		n, err := strconv.Atoi(argument)
		if err != nil || n < 1 {
			return p.errorf("limit(%.20s): want a positive number", argument)
		}
		f.Limit = n
	}
	p.at += len(argument) + 2
	return nil
}

func (p *parser) word() string {
	from := p.at
	for p.at < len(p.source) {
		c := p.source[p.at]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			break
		}
		p.at++
	}
	return p.source[from:p.at]
}
