package direction

// Plugin is what a module is: its manifest, and the functions behind its tags.
type Plugin struct {
	Version     string // as you like: 1.0.0
	Description string // what it is for, in a sentence
	// Stateless says that no call leaves anything behind in memory. Then the
	// owner may let people share it without restoring it, which is faster.
	Stateless  bool
	Time       int // milliseconds a call may take; 0 leaves it to the host
	Memory     int // bytes of memory it needs; 0 leaves it to the host
	Directions []Direction
	Wants      []Want
}

// Direction is a tag.
type Direction struct {
	Name        string // small letters, digits, _ and -, beginning with a letter
	Form        Form   // FormInline if left out
	Description string // shown to authors of scripts
	Attributes  []Attribute
	// Run answers a tag. The text stands in its place, and is text whatever is in
	// it. An error means that the direction failed: the tag's fallback is used and
	// the words of the error are shown to the author of the script.
	Run func(*Call) (string, error)
}

// Attribute is an attribute of a tag. The host has checked each value before Run
// sees it. Every direction takes the attribute fallback as well; the host keeps it.
type Attribute struct {
	Name        string   // small letters, digits, _ and -, beginning with a letter
	Kind        Kind     // KindText if left out
	Required    bool     // the tag is an error without it
	Default     string   // what it is when it is left out, written as in a tag
	Min, Max    string   // of numbers and integers, written as in a tag; empty: no bound
	Choices     []string // of KindChoice
	Description string   // shown to authors of scripts
}

// Want is a wish that the owner of a bot grants or not.
type Want struct {
	Capability Capability
	Items      []string // hosts, settings, secrets or variables, for capabilities that have them
	Reason     string   // why, in a sentence that the owner understands
}

// manifest is what describe returns.
func (p *Plugin) manifest() []byte {
	var w jsonWriter
	w.open('{')
	w.text("version", p.Version)
	w.key("minor").raw(itoa(abiMinor))
	w.optional("description", p.Description)
	w.flag("stateless", p.Stateless)
	w.count("time", p.Time)
	w.count("memory", p.Memory)
	w.key("directions").open('[')
	for i := range p.Directions {
		p.Directions[i].describe(w.element())
	}
	w.close(']')
	if len(p.Wants) > 0 {
		w.key("wants").open('[')
		for _, want := range p.Wants {
			w.element().open('{')
			w.text("capability", string(want.Capability))
			w.texts("items", want.Items)
			w.text("reason", want.Reason)
			w.close('}')
		}
		w.close(']')
	}
	w.close('}')
	return w.buf
}

func (d *Direction) describe(w *jsonWriter) {
	w.open('{')
	w.text("name", d.Name)
	w.optional("form", string(d.Form))
	w.optional("description", d.Description)
	if len(d.Attributes) > 0 {
		w.key("attributes").open('[')
		for _, a := range d.Attributes {
			w.element().open('{')
			w.text("name", a.Name)
			w.optional("kind", string(a.Kind))
			w.flag("required", a.Required)
			w.optional("default", a.Default)
			if a.Min != "" {
				w.key("min").raw(a.Min)
			}
			if a.Max != "" {
				w.key("max").raw(a.Max)
			}
			w.texts("choices", a.Choices)
			w.optional("description", a.Description)
			w.close('}')
		}
		w.close(']')
	}
	w.close('}')
}

// direction is the one of a name, or nil.
func (p *Plugin) direction(name string) *Direction {
	for i := range p.Directions {
		if p.Directions[i].Name == name {
			return &p.Directions[i]
		}
	}
	return nil
}
