package diag

// Entry is what the registry says about a code (section 29 of the language).
type Entry struct {
	Code Code
	Name string
}

var registry = []Entry{}

// Lookup finds a code by itself or by its name.
func Lookup(codeOrName string) (Entry, bool) {
	for _, e := range registry {
		if string(e.Code) == codeOrName || e.Name == codeOrName {
			return e, true
		}
	}
	return Entry{}, false
}
