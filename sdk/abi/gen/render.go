package main

import (
	"bytes"
	"embed"
	"go/format"
	"strings"
	"text/template"
)

// output is a file that is made.
type output struct {
	path     string // seen from abi.json
	template string
	within   bool // the file is written by hand, but for a part
}

var outputs = []output{
	{path: "abi.go", template: "host.go.tmpl"},
	{path: "README.md", template: "README.md.tmpl"},
	{path: "../go/abi.go", template: "guest.go.tmpl"},
	{path: "../go/abi_wasm.go", template: "guest_wasm.go.tmpl"},
	{path: "../c/direction.h", template: "guest.h.tmpl", within: true},
	{path: "../as/assembly/abi.ts", template: "guest.ts.tmpl"},
	{path: "../rust/src/abi.rs", template: "guest.rs.tmpl"},
}

//go:embed templates
var templates embed.FS

// render makes the text of the file.
func (o output) render(c *contract) (string, error) {
	t, err := template.New(o.template).Funcs(words).ParseFS(templates, "templates/"+o.template)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, c); err != nil {
		return "", err
	}
	if !strings.HasSuffix(o.path, ".go") {
		return b.String(), nil
	}
	text, err := format.Source(b.Bytes())
	return string(text), err
}

// words are the functions of the templates.
var words = template.FuncMap{
	"camel":   camel,
	"upper":   strings.ToUpper,
	"flat":    function.flat,
	"join":    strings.Join,
	"wasm":    wasmType,
	"goType":  table{"i32": "int32", "i64": "int64", "address": "unsafe.Pointer", "target": "unsafe.Pointer", "length": "uint32"}.of,
	"cType":   table{"i32": "int32_t ", "i64": "int64_t ", "address": "const char *", "target": "char *", "length": "uint32_t "}.of,
	"tsType":  table{"i32": "i32", "i64": "i64", "address": "usize", "target": "usize", "length": "u32"}.of,
	"rsType":  table{"i32": "i32", "i64": "i64", "address": "*const u8", "target": "*mut u8", "length": "usize"}.of,
	"rsName":  func(name string) string { return "host_" + name },
	"signed":  signature,
	"grouped": grouped,
	"goName":  func(name string) string { return strings.ToLower(camel(name)[:1]) + camel(name)[1:] },
}

// table turns a type of the contract into that of a language.
type table map[string]string

func (t table) of(kind string) string { return t[kind] }

// wasmType is a type of WebAssembly.
func wasmType(kind string) string {
	if kind == "i64" {
		return "i64"
	}
	return "i32"
}

// camel makes max_key MaxKey, and url URL.
func camel(name string) string {
	var b strings.Builder
	for _, word := range strings.Split(name, "_") {
		switch word {
		case "http", "ok", "url":
			b.WriteString(strings.ToUpper(word))
		default:
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// signature writes a function as the reference does.
func signature(f function) string {
	var params []string
	for _, p := range f.flat() {
		params = append(params, p.Name+" "+wasmType(p.Type))
	}
	s := f.Name + "(" + strings.Join(params, ", ") + ")"
	if f.Result != "" {
		s += " → " + f.Result
	}
	return s
}

// grouped writes a number with commas between its thousands.
func grouped(n int) string {
	if n < 1000 {
		return strings.TrimLeft(string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)}), "0")
	}
	rest := n % 1000
	return grouped(n/1000) + "," + string([]byte{byte('0' + rest/100), byte('0' + rest/10%10), byte('0' + rest%10)})
}
