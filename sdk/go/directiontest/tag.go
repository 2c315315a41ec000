package directiontest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	direction "github.com/footlight-bots/footlight/sdk/go"
)

var (
	tagHead   = regexp.MustCompile(`^<([A-Za-z][A-Za-z0-9_-]*)((?:\s+[A-Za-z][A-Za-z0-9_-]*(?:=(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*)?)?)*)\s*>`)
	attribute = regexp.MustCompile(`([A-Za-z][A-Za-z0-9_-]*)(=(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?`)
	decimal   = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)
)

// call makes the input of run out of a tag.
func (s *Stage) call(tag string) ([]byte, error) {
	head := tagHead.FindStringSubmatch(tag)
	if head == nil {
		return nil, fmt.Errorf("%s is no tag", tag)
	}
	var d *direction.Direction
	for i := range s.plugin.Directions {
		if s.plugin.Directions[i].Name == head[1] {
			d = &s.plugin.Directions[i]
		}
	}
	if d == nil {
		return nil, fmt.Errorf("the plug-in has no direction %s", head[1])
	}
	block := tag[len(head[0]):]
	if d.Form == direction.FormBlock {
		content, closed := strings.CutSuffix(block, "</"+head[1]+">")
		if !closed {
			return nil, fmt.Errorf("</%s> is missing", head[1])
		}
		block = content
	} else if block != "" {
		return nil, fmt.Errorf("something stands behind <%s>", head[1])
	}
	values, err := attributes(d, head[2])
	if err != nil {
		return nil, err
	}
	in := map[string]any{"name": d.Name, "attributes": values}
	if d.Form == direction.FormBlock {
		in["block"] = block
	}
	for _, w := range s.plugin.Wants {
		if w.Capability == direction.CanPerson {
			in["person"] = s.ID
		}
	}
	return json.Marshal(in)
}

// attributes reads and checks the attributes of a tag.
func attributes(d *direction.Direction, source string) (map[string]any, error) {
	written := map[string]string{}
	for _, m := range attribute.FindAllStringSubmatch(source, -1) {
		value := "true"
		if m[2] != "" {
			value = m[3] + m[4] + m[5]
		}
		written[strings.ToLower(m[1])] = value
	}
	delete(written, "fallback")
	values := map[string]any{}
	for i := range d.Attributes {
		a := &d.Attributes[i]
		text, given := written[a.Name]
		delete(written, a.Name)
		if !given {
			if a.Required {
				return nil, fmt.Errorf("attribute %s is missing", a.Name)
			}
			if text = a.Default; text == "" {
				continue
			}
		}
		value, err := typed(a, text)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", a.Name, err)
		}
		values[a.Name] = value
	}
	for name := range written {
		return nil, fmt.Errorf("<%s> has no attribute %s", d.Name, name)
	}
	return values, nil
}

// typed is a value in the JSON type of its kind.
func typed(a *direction.Attribute, text string) (any, error) {
	switch a.Kind {
	case "", direction.KindText:
		return text, nil
	case direction.KindNumber, direction.KindInteger:
		return numeric(a, text)
	case direction.KindBoolean:
		if text != "true" && text != "false" {
			return nil, fmt.Errorf("%s is neither true nor false", text)
		}
		return text == "true", nil
	case direction.KindChoice:
		for _, c := range a.Choices {
			if strings.EqualFold(c, text) {
				return c, nil
			}
		}
		return nil, fmt.Errorf("%s is none of %s", text, strings.Join(a.Choices, ", "))
	case direction.KindURL:
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("%s is no http address", text)
		}
		return text, nil
	}
	return nil, fmt.Errorf("there is no kind %s", a.Kind)
}

func numeric(a *direction.Attribute, text string) (any, error) {
	if !decimal.MatchString(text) {
		return nil, fmt.Errorf("%s is no number", text)
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, err
	}
	if a.Kind == direction.KindInteger && n != math.Trunc(n) {
		return nil, errors.New(text + " is no integer")
	}
	if low, err := strconv.ParseFloat(a.Min, 64); err == nil && n < low {
		return nil, fmt.Errorf("%s is below %s", text, a.Min)
	}
	if high, err := strconv.ParseFloat(a.Max, 64); err == nil && n > high {
		return nil, fmt.Errorf("%s is above %s", text, a.Max)
	}
	return n, nil
}
