package link

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// candidate is a trigger that other triggers can lead to, with what makes
// asking it quick.
type candidate struct {
	*Trigger
	topic *topic
	exact bool   // the pattern is plain text
	text  string // folded: all of the pattern if exact, else a piece that the text must hold
}

func newCandidate(t *Trigger, of *topic) *candidate {
	c := &candidate{Trigger: t, topic: of, exact: true}
	var all strings.Builder
	for _, e := range t.Pattern.Elements {
		switch e.Kind {
		case syntax.Literal:
			text := message.Fold(e.Text)
			all.WriteString(text)
			if len(text) > len(c.text) {
				c.text = text
			}
		case syntax.Space:
			all.WriteByte(' ')
		default:
			c.exact = false
		}
	}
	if c.exact {
		c.text = all.String()
	}
	return c
}

// takes tells whether the trigger can match one of the forms of a message.
func (c *candidate) takes(forms message.Forms, arrays map[string]*Array) bool {
	if c.NoStrip && c.takesText(forms.Kept, arrays) {
		return true
	}
	return c.takesText(forms.Plain, arrays)
}

func (c *candidate) takesText(text message.Text, arrays map[string]*Array) bool {
	if c.exact {
		return c.text == text.String
	}
	if !strings.Contains(text.String, c.text) {
		return false
	}
	m := &matcher{arrays: arrays, text: text}
	return m.matches(c.Pattern)
}

// candidates are all triggers that redirects can lead to, found by the text
// they need, so that asking about one target does not cost a look at each.
type candidates struct {
	arrays  map[string]*Array
	exact   map[string][]*candidate
	pieces  map[string][]*candidate
	lengths []int // of the keys of pieces
	known   map[string][]*candidate
}

// newCandidates gathers the triggers without %: redirects never look at those
// with (L-PREV-3).
func (l *linker) newCandidates() *candidates {
	out := &candidates{
		arrays: l.program.Arrays, exact: map[string][]*candidate{}, pieces: map[string][]*candidate{}, known: map[string][]*candidate{},
	}
	for _, t := range l.all() {
		for _, trigger := range t.Triggers {
			if trigger.Previous != nil {
				continue
			}
			c := newCandidate(trigger, t)
			if c.exact {
				out.exact[c.text] = append(out.exact[c.text], c)
				continue
			}
			if c.text != "" && !slices.Contains(out.lengths, len(c.text)) {
				out.lengths = append(out.lengths, len(c.text))
			}
			out.pieces[c.text] = append(out.pieces[c.text], c)
		}
	}
	return out
}

// taking lists the triggers of all topics that can match a target.
func (s *candidates) taking(target string, n *message.Normalizer) []*candidate {
	found, known := s.known[target]
	if known {
		return found
	}
	forms := n.InternalForms(target, true)
	asked := map[*candidate]bool{}
	ask := func(list []*candidate) {
		for _, c := range list {
			if !asked[c] {
				asked[c] = true
				if c.takes(forms, s.arrays) {
					found = append(found, c)
				}
			}
		}
	}
	for _, text := range [...]string{forms.Plain.String, forms.Kept.String} {
		ask(s.exact[text])
		ask(s.pieces[""])
		for _, length := range s.lengths {
			for i := 0; i+length <= len(text); i++ {
				ask(s.pieces[text[i:i+length]])
			}
		}
	}
	s.known[target] = found
	return found
}
