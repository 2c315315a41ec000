package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// contract is abi.json.
type contract struct {
	Major        int          `json:"major"`
	Minor        int          `json:"minor"`
	Host         string       `json:"host"`
	Marker       string       `json:"marker"`
	Exports      []export     `json:"exports"`
	Operations   []number     `json:"operations"`
	Functions    []function   `json:"functions"`
	Spaces       []space      `json:"spaces"`
	Capabilities []capability `json:"capabilities"`
	Levels       []number     `json:"levels"`
	Statuses     []number     `json:"statuses"`
	Kinds        []kind       `json:"kinds"`
	Forms        []form       `json:"forms"`
	Limits       []limit      `json:"limits"`
	Shapes       []shape      `json:"shapes"`
}

type export struct{ Name, Type, Doc string }

type number struct {
	Name string
	Code int
	Doc  string
}

type function struct {
	Name       string
	Params     [][2]string // name and type: i32, i64, bytes (address and length) or room (address and size)
	Result     string
	Since      int
	Capability string
	Doc        string
}

type space struct {
	Name, Capability, Doc string
	Writable              bool
}

type capability struct{ Name, Setting, Items, Doc string }

type kind struct{ Name, JSON, Doc string }

type form struct{ Name, Doc string }

type limit struct {
	Name  string
	Value int
	Unit  string
	Doc   string
}

type shape struct {
	Name, Doc string
	Fields    [][3]string // name, type, meaning
}

// param is a parameter as it is in WebAssembly.
type param struct {
	Name string
	Type string // i32, i64, address (read), target (written) or length
}

// flat are the parameters with texts as address and length.
func (f function) flat() []param {
	var out []param
	for _, p := range f.Params {
		switch p[1] {
		case "bytes":
			out = append(out, param{p[0], "address"}, param{p[0] + "_len", "length"})
		case "room":
			out = append(out, param{p[0], "target"}, param{p[0] + "_cap", "length"})
		default:
			out = append(out, param{p[0], p[1]})
		}
	}
	return out
}

// read reads abi.json and looks whether its parts agree.
func read(path string) (*contract, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := &contract{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(c); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, c.agree()
}

// agree tells what is named but not there.
func (c *contract) agree() error {
	known := map[string]bool{"": true}
	for _, k := range c.Capabilities {
		if known[k.Name] {
			return fmt.Errorf("capability %q is there twice", k.Name)
		}
		known[k.Name] = true
	}
	types := map[string]bool{"i32": true, "i64": true, "bytes": true, "room": true}
	for _, f := range c.Functions {
		if !known[f.Capability] {
			return fmt.Errorf("function %s: capability %q is not known", f.Name, f.Capability)
		}
		if f.Since > c.Minor {
			return fmt.Errorf("function %s: minor version %d is still to come", f.Name, f.Since)
		}
		for _, p := range f.Params {
			if !types[p[1]] {
				return fmt.Errorf("function %s: parameter %s has the unknown type %q", f.Name, p[0], p[1])
			}
		}
	}
	for _, s := range c.Spaces {
		if s.Capability == "" || !known[s.Capability] {
			return fmt.Errorf("space %s: capability %q is not known", s.Name, s.Capability)
		}
	}
	return nil
}
