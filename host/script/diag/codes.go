package diag

import (
	"slices"
	"strings"
)

// Entry is what the registry says about a code (section 29 of the language).
// The examples are whole documents, "default.topic" when they name none; a line
// "-- path --" begins another one. A test runs all of them.
type Entry struct {
	Code     Code
	Name     string // by which warnings are silenced
	Meaning  string
	Recovery string // what the build does with it; empty: nothing
	Wrong    string
	Right    string
	Why      string
	// Unreported says why no build reports the code; empty for those that are.
	Unreported string
	// Later says what finds the code when scripts alone do not tell of it; empty for those of which they do.
	Later string
}

// Lookup finds a code by itself or by its name.
func Lookup(codeOrName string) (Entry, bool) {
	for _, table := range [...][]Entry{errorCodes, warningCodes} {
		for _, e := range table {
			if string(e.Code) == codeOrName || e.Name == codeOrName {
				return e, true
			}
		}
	}
	return Entry{}, false
}

// Named tells whether a code is in a list of codes and names, as settings and "// allow"
// lines have them.
func Named(list []string, code Code) bool {
	return slices.ContainsFunc(list, func(s string) bool {
		e, found := Lookup(s)
		return found && e.Code == code || s == string(code)
	})
}

// Codes lists the registry, errors first, in the order of their codes. The
// caller may keep the slice.
func Codes() []Entry {
	return append(append([]Entry(nil), errorCodes...), warningCodes...)
}

// Explain is what "footlight explain" prints of a code, given by itself in any
// case or by its name.
func Explain(codeOrName string) (text string, found bool) {
	e, found := Lookup(codeOrName)
	if !found {
		if e, found = Lookup(strings.ToUpper(codeOrName)); !found {
			return "", false
		}
	}
	var b strings.Builder
	kind := "warning"
	if e.Code.IsError() {
		kind = "error"
	}
	b.WriteString(kind + " " + string(e.Code) + " " + e.Name + "\n\n")
	b.WriteString(e.Meaning + "\n")
	if e.Recovery != "" {
		b.WriteString("The build goes on: " + e.Recovery + "\n")
	}
	b.WriteString("\n" + e.Why + "\n")
	example := func(title, text string) {
		b.WriteString("\n" + title + "\n\n")
		for line := range strings.Lines(text) {
			b.WriteString("    " + line)
		}
	}
	if e.Wrong != "" {
		example("Wrong:", e.Wrong)
		example("Right:", e.Right)
	}
	if e.Unreported != "" {
		b.WriteString("\nNo build reports this: " + e.Unreported + "\n")
	} else if e.Later != "" {
		b.WriteString("\nIt is found by " + e.Later + ". To silence it, name it in bot.toml:  allow = [\"" + e.Name + "\"]\n")
	} else if !e.Code.IsError() {
		b.WriteString("\nTo silence it for one line, write above that line:  // allow " + e.Name + "\n")
	}
	return b.String(), true
}
