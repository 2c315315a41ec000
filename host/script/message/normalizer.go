package message

import "unicode/utf8"

// Normalizer turns raw texts into the form in which triggers are matched. It is
// made once for a bot and is safe for concurrent use.
type Normalizer struct {
	subs     *automaton // nil without substitutions
	person   *automaton
	message  *filter
	kept     *filter
	internal *filter
	reply    *filter
}

// New prepares a Normalizer for a bot's options.
func New(o Options) *Normalizer {
	n := &Normalizer{
		subs:     newAutomaton(o.Subs),
		person:   newAutomaton(o.Person),
		kept:     newFilter(""),
		message:  newMessageFilter(o, ""),
		internal: newMessageFilter(o, "_-"),
	}
	n.reply = n.message
	if o.Mode != ASCII {
		n.reply = newFilter(deleted(o) + replyPunctuation)
	}
	return n
}

// Message normalises what a person typed (L-NORM-1 to L-NORM-5), up to MaxRunes.
func (n *Normalizer) Message(raw string) Text { return n.run(raw, n.message, MaxRunes) }

// Kept normalises without the deletion of characters, for triggers under
// "# punc nostrip" (L-NORM-8).
func (n *Normalizer) Kept(raw string) Text { return n.run(raw, n.kept, MaxRunes) }

// Internal normalises what the bot says to itself: redirect targets, payloads,
// menu texts, names of events (L-NORM-6).
func (n *Normalizer) Internal(raw string) Text { return n.run(raw, n.internal, MaxRunes) }

// LastReply normalises an earlier reply for % and for <reply> in a trigger
// (L-NORM-7). It is not cut: what the bot said last may stand at its end.
func (n *Normalizer) LastReply(raw string) Text { return n.run(raw, n.reply, 0) }

// Value normalises a variable or an earlier message that stands in a trigger
// (L-TRIG-6). It is not cut.
func (n *Normalizer) Value(raw string) string {
	var s Scratch
	return string(s.Value(n, raw))
}

// ReplyValue normalises an earlier reply that stands in a trigger (L-TRIG-6, L-NORM-7).
func (n *Normalizer) ReplyValue(raw string) string {
	var s Scratch
	return string(s.ReplyValue(n, raw))
}

// Forms normalises a message in both shapes; the kept one only if some trigger asks for it.
func (n *Normalizer) Forms(raw string, withKept bool) Forms {
	f := Forms{Plain: n.Message(raw)}
	if withKept {
		f.Kept = n.Kept(raw)
	}
	return f
}

// InternalForms is Forms for an internal text (L-NORM-6).
func (n *Normalizer) InternalForms(raw string, withKept bool) Forms {
	f := Forms{Plain: n.Internal(raw)}
	if withKept {
		f.Kept = n.Kept(raw)
	}
	return f
}

// run makes what it needs anew, so that the text is the caller's for good; see Scratch.
func (n *Normalizer) run(raw string, f *filter, limit int) Text {
	var s Scratch
	b := s.clean(n, raw, f, limit)
	return Text{String: string(b), Classes: appendClasses(make([]Class, 0, len(b)+1), b)}
}

// cut shortens b to at most limit code points.
func cut(b []byte, limit int) []byte {
	at := 0
	for range limit {
		if at >= len(b) {
			return b
		}
		_, size := utf8.DecodeRune(b[at:])
		at += size
	}
	b = b[:at]
	if at > 0 && b[at-1] == ' ' {
		b = b[:at-1]
	}
	return b
}
