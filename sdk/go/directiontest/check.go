package directiontest

import (
	"fmt"
	"regexp"

	direction "github.com/footlight-bots/footlight/sdk/go"
)

var name = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// listed are the capabilities whose wants name items.
var listed = map[direction.Capability]bool{
	direction.CanConfig: true, direction.CanSecret: true, direction.CanHTTP: true,
	direction.CanRead: true, direction.CanWrite: true,
}

// Check says what a server would refuse in the manifest of a plug-in, one sentence
// a fault.
func Check(p direction.Plugin) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if p.Version == "" {
		fault("version is missing")
	}
	if len(p.Directions) == 0 {
		fault("there is no direction")
	}
	seen := map[string]bool{}
	for _, d := range p.Directions {
		switch {
		case !name.MatchString(d.Name):
			fault("direction %q: a name is small letters, digits, _ and -, beginning with a letter", d.Name)
		case seen[d.Name]:
			fault("direction %s is declared twice", d.Name)
		case d.Run == nil:
			fault("direction %s has no Run", d.Name)
		}
		seen[d.Name] = true
		switch d.Form {
		case "", direction.FormInline, direction.FormBlock, direction.FormEffect:
		default:
			fault("direction %s: there is no form %q", d.Name, d.Form)
		}
		checkAttributes(&d, fault)
	}
	for _, w := range p.Wants {
		if w.Reason == "" {
			fault("want %s: the reason is missing", w.Capability)
		}
		if listed[w.Capability] != (len(w.Items) > 0) {
			fault("want %s: items are for config, secret, http, read and write, and needed there", w.Capability)
		}
	}
	return faults
}

func checkAttributes(d *direction.Direction, fault func(string, ...any)) {
	seen := map[string]bool{"fallback": true}
	for i := range d.Attributes {
		a := &d.Attributes[i]
		if !name.MatchString(a.Name) || seen[a.Name] {
			fault("direction %s: attribute %q is no name, declared twice, or fallback, which is the host's", d.Name, a.Name)
		}
		seen[a.Name] = true
		if a.Kind == direction.KindChoice && len(a.Choices) == 0 {
			fault("direction %s: attribute %s has no choices", d.Name, a.Name)
		}
		for _, bound := range []string{a.Min, a.Max} {
			if bound != "" && !decimal.MatchString(bound) {
				fault("direction %s: attribute %s: the bound %s is no number", d.Name, a.Name, bound)
			}
		}
		if a.Default != "" {
			if _, err := typed(a, a.Default); err != nil {
				fault("direction %s: the default of %s: %v", d.Name, a.Name, err)
			}
		}
	}
}
