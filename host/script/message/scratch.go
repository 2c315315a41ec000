package message

// Scratch is memory that normalising uses again and again, so that a message costs
// no more than its text, and nothing if that stays as it was typed. The zero Scratch
// is ready. It serves one goroutine.
type Scratch struct {
	text, folded []byte
	plain, kept  []Class
	found        []int32 // see automaton.find
}

// Forms is like Normalizer.Forms. The classes lie in the Scratch: they are good until
// its next use.
func (s *Scratch) Forms(n *Normalizer, raw string, withKept bool) Forms {
	return s.forms(n, raw, n.message, withKept)
}

// InternalForms is like Normalizer.InternalForms. The classes lie in the Scratch: they
// are good until its next use.
func (s *Scratch) InternalForms(n *Normalizer, raw string, withKept bool) Forms {
	return s.forms(n, raw, n.internal, withKept)
}

func (s *Scratch) forms(n *Normalizer, raw string, plain *filter, withKept bool) Forms {
	var f Forms
	f.Plain, s.plain = s.run(n, raw, plain, s.plain)
	if withKept {
		f.Kept, s.kept = s.run(n, raw, n.kept, s.kept)
	}
	return f
}

// run normalises a message. Its classes take the place of those that are given.
func (s *Scratch) run(n *Normalizer, raw string, f *filter, classes []Class) (Text, []Class) {
	b := s.clean(n, raw, f, MaxRunes)
	classes = appendClasses(classes[:0], b)
	text := raw
	if string(b) != raw { // most messages that a bot sends to itself are normal already
		text = string(b)
	}
	return Text{String: text, Classes: classes}, classes
}

// LastReply is like Normalizer.LastReply, but it gives only the text, which is good
// until the next use of the Scratch; see Classify.
func (s *Scratch) LastReply(n *Normalizer, raw string) []byte { return s.clean(n, raw, n.reply, 0) }

// Value is like Normalizer.Value. The text is good until the next use of the Scratch.
func (s *Scratch) Value(n *Normalizer, raw string) []byte { return s.clean(n, raw, n.message, 0) }

// ReplyValue is like Normalizer.ReplyValue. The text is good until the next use of the
// Scratch.
func (s *Scratch) ReplyValue(n *Normalizer, raw string) []byte {
	return s.clean(n, raw, n.reply, 0)
}

// clean normalises a text, up to a number of code points if that is not 0.
func (s *Scratch) clean(n *Normalizer, raw string, f *filter, limit int) []byte {
	first := f
	if n.subs != nil { // they see what is deleted later (L-SUB-3)
		first = n.kept
	}
	b, squeezed := first.fast(s.text[:0], raw)
	if !squeezed {
		b = squeeze(appendFolded(b, raw))
	}
	if n.subs != nil {
		b = s.substitute(n.subs, b)
	}
	if n.subs != nil || !squeezed {
		b = f.apply(b)
	}
	s.text = b
	if limit > 0 && len(b) > limit {
		b = cut(b, limit)
	}
	return b
}

// substitute makes the substitutions in a folded and squeezed text (L-NORM-3). The
// text and the result share the memory of the Scratch.
func (s *Scratch) substitute(a *automaton, b []byte) []byte {
	s.found = append(s.found[:0], make([]int32, len(b)+1)...)
	if !a.find(b, s.found) {
		return b
	}
	s.folded = a.replace(s.folded[:0], b, s.found)
	return append(b[:0], s.folded...)
}
