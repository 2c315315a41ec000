package bytecode

import (
	"fmt"
	"strconv"
	"strings"
)

// Parts of the section of names.
const (
	nameModule    = 0
	nameFunctions = 1
)

// maxName is how much of a function's name is told, in bytes: some compilers write
// names of kilobytes.
const maxName = 80

// readNames reads the names of functions as far as they can be read: they are for
// people, and nothing depends on them.
func (m *Module) readNames() {
	for _, part := range m.nameParts() {
		if part.ID != nameFunctions {
			continue
		}
		r := reader{part.Body, part.At}
		m.names = map[uint32]string{}
		_ = r.each(func() error {
			n, err := r.number()
			if err != nil {
				return err
			}
			name, err := r.text()
			if err == nil {
				m.names[n] = name
			}
			return err
		})
	}
}

// nameParts takes the section of names apart.
func (m *Module) nameParts() []Section {
	var parts []Section
	for _, s := range m.Sections {
		if s.ID != SectionCustom || s.Name != "name" {
			continue
		}
		r := reader{s.Body, s.At}
		for len(r.b) > 0 {
			id, _ := r.byte()
			size, err := r.number()
			if err != nil {
				return parts
			}
			at := r.at
			body, err := r.bytes(size)
			if err != nil {
				return parts
			}
			parts = append(parts, Section{ID: id, Body: body, At: at})
		}
		return parts
	}
	return nil
}

// Name is the name of the module, or "".
func (m *Module) Name() string {
	for _, part := range m.nameParts() {
		if part.ID == nameModule {
			r := reader{part.Body, part.At}
			name, _ := r.text()
			return name
		}
	}
	return ""
}

// FuncName is what the module calls a function, or "".
func (m *Module) FuncName(f uint32) string { return m.names[f] }

// Title names a function for people: "function 12 (parse)".
func (m *Module) Title(f uint32) string {
	name := m.names[f]
	if name == "" {
		return fmt.Sprintf("function %d", f)
	}
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "") + "…"
	}
	quoted := strconv.Quote(name) // there may be anything in it
	return fmt.Sprintf("function %d (%s)", f, quoted[1:len(quoted)-1])
}
