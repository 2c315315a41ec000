package direction

import (
	"errors"
	"math"
	"strconv"
)

// Call is one use of a tag: what was written in it, and the way to the host. It is
// good until Run returns.
type Call struct {
	host       Host
	direction  *Direction
	attributes []value
	block      string
	person     string
}

// value is an attribute that has one.
type value struct {
	name string
	json JSON
}

// Name is the name of the direction.
func (c *Call) Name() string { return c.direction.Name }

// Has says whether an attribute has a value: from the tag, or its default.
func (c *Call) Has(name string) bool { return c.attribute(name).Exists() }

// Text is the value of an attribute of any kind, and empty when it has none.
func (c *Call) Text(name string) string { return c.attribute(name).Text() }

// Number is the value of a number or an integer, and 0 when it has none.
func (c *Call) Number(name string) float64 {
	n, _ := c.attribute(name, KindNumber, KindInteger).Number()
	return n
}

// Integer is the value of an integer, and 0 when it has none.
func (c *Call) Integer(name string) int64 {
	v := c.attribute(name, KindInteger)
	if n, err := strconv.ParseInt(v.Text(), 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return n
	}
	n, _ := v.Number() // written with an exponent
	if n >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(max(n, math.MinInt64))
}

// Boolean is the value of a boolean, and false when it has none.
func (c *Call) Boolean(name string) bool { return c.attribute(name, KindBoolean).Boolean() }

// Block is the text between the tags of a block.
func (c *Call) Block() string { return c.block }

// PersonID is the id of the person, if the plug-in has CanPerson, else empty.
func (c *Call) PersonID() string { return c.person }

// attribute is the value of an attribute. To ask for one that the direction does
// not declare, or declares to be of another kind, is a mistake that no run of the
// plug-in can live with, so it panics.
func (c *Call) attribute(name string, kinds ...Kind) JSON {
	for i := range c.direction.Attributes {
		a := &c.direction.Attributes[i]
		if a.Name != name {
			continue
		}
		kind := a.Kind
		if kind == "" {
			kind = KindText
		}
		for _, k := range kinds {
			if k == kind {
				kinds = nil
			}
		}
		if len(kinds) > 0 {
			panic("direction " + c.direction.Name + ": attribute " + name + " is declared as " + string(kind) + ", not as " + string(kinds[0]))
		}
		for i := range c.attributes {
			if c.attributes[i].name == name {
				return c.attributes[i].json
			}
		}
		return JSON{}
	}
	panic("direction " + c.direction.Name + " declares no attribute " + name)
}
