package reply

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

var errShort = errors.New("reply: wire form ends inside a record")

// record is one record of the wire form.
type record struct {
	kind, format, flags byte
	n                   int
	text                string
}

// reader takes records from b. Their texts are pieces of one string with the same
// bytes, so that a reply needs one allocation for all its texts.
type reader struct {
	b    []byte
	text string
}

// newReader reads b, which is no larger than MaxWireBytes.
func newReader(b []byte) (reader, error) {
	if len(b) > MaxWireBytes {
		return reader{}, fmt.Errorf("reply: wire form of %d bytes, at most %d are allowed", len(b), MaxWireBytes)
	}
	return reader{b, string(b)}, nil
}

// size is how long the first record is; ok is false when b ends inside of it.
func size(b []byte) (text, whole uint64, ok bool) {
	if len(b) < headerBytes {
		return 0, 0, false
	}
	text = uint64(binary.LittleEndian.Uint32(b[8:]))
	whole = headerBytes + (text+3)&^3
	return text, whole, whole <= uint64(len(b))
}

func (r *reader) next() (record, error) {
	text, whole, ok := size(r.b)
	if !ok {
		return record{}, errShort
	}
	rec := record{kind: r.b[0], format: r.b[1], flags: r.b[2], n: int(binary.LittleEndian.Uint32(r.b[4:]))}
	rec.text = r.text[headerBytes : headerBytes+text]
	if !utf8.ValidString(rec.text) {
		rec.text = strings.ToValidUTF8(rec.text, string(utf8.RuneError))
	}
	r.b, r.text = r.b[whole:], r.text[whole:]
	return rec, nil
}

// children checks a count of following records against what is left.
func (r *reader) children(n int) error {
	if n > len(r.b)/headerBytes {
		return fmt.Errorf("reply: a record announces %d more, %d bytes are left", n, len(r.b))
	}
	return nil
}

// tokensIn counts the tokens of a wire form, up to where it is broken.
func tokensIn(b []byte) int {
	n := 0
	for {
		_, whole, ok := size(b)
		if !ok {
			return n
		}
		if b[0] < recordArg {
			n++
		}
		b = b[whole:]
	}
}

// Decode reads tokens from their wire form. It accepts any bytes: what is no
// wire form is an error.
func Decode(b []byte) ([]Token, error) { return AppendTokens(nil, b) }

// AppendTokens is Decode onto a list.
func AppendTokens(tokens []Token, b []byte) ([]Token, error) {
	if len(b) == 0 {
		return tokens, nil
	}
	r, err := newReader(b)
	if err != nil {
		return nil, err
	}
	tokens = slices.Grow(tokens, tokensIn(b))
	for len(r.b) > 0 {
		t, err := r.token()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
	}
	return tokens, nil
}

func (r *reader) token() (Token, error) {
	rec, err := r.next()
	if err != nil {
		return Token{}, err
	}
	switch t := (Token{Kind: Kind(rec.kind)}); t.Kind {
	case Text, Error:
		t.Text = rec.text
		return t, nil
	case Send, NoReply, End:
		return t, nil
	case Delay:
		t.Millis, t.NoCancel = min(rec.n, MaxDelayMillis), rec.flags&1 != 0
		return t, nil
	case Begin:
		t.Format = Format(rec.format)
		if t.Format < Formal || t.Format > Person {
			return Token{}, fmt.Errorf("reply: unknown format %d", rec.format)
		}
		return t, nil
	case Shortcode:
		return r.shortcode(rec)
	}
	return Token{}, fmt.Errorf("reply: unknown kind of record %d", rec.kind)
}

// shortcode reads the arguments that follow a name, and puts each together.
func (r *reader) shortcode(name record) (Token, error) {
	if err := r.children(name.n); err != nil {
		return Token{}, err
	}
	t := newShortcode(name.text, name.n)
	valid := true
	for range name.n {
		var room [usual]Piece
		raw, err := r.arg(room[:0])
		if err != nil {
			return Token{}, err
		}
		arg, ok := raw.join()
		valid = valid && ok
		t.Args = append(t.Args, arg)
	}
	if !valid {
		return invalid(name.text), nil
	}
	return t, nil
}

// arg reads an argument and the pieces that follow it, which are appended to pieces.
func (r *reader) arg(pieces []Piece) (RawArg, error) {
	rec, err := r.next()
	if err != nil {
		return RawArg{}, err
	}
	if rec.kind != recordArg || rec.format > byte(JSONArg) {
		return RawArg{}, fmt.Errorf("reply: record of kind %d/%d in the place of an argument", rec.kind, rec.format)
	}
	if err := r.children(rec.n); err != nil {
		return RawArg{}, err
	}
	for range rec.n {
		piece, err := r.next()
		if err != nil {
			return RawArg{}, err
		}
		if piece.kind != recordPiece || piece.format > byte(AsValue) {
			return RawArg{}, fmt.Errorf("reply: record of kind %d/%d in the place of a piece", piece.kind, piece.format)
		}
		pieces = append(pieces, Piece{Fill(piece.format), piece.text})
	}
	return RawArg{Kind: ArgKind(rec.format), Pieces: pieces}, nil
}

// RawCalls reads calls into lists that it uses again and again.
type RawCalls struct {
	calls  []RawCall
	args   []RawArg
	pieces []Piece
}

// Decode reads names with their arguments, laid out like shortcodes, that a script
// hands over while it runs: requests and directions. Like the function Decode it
// accepts any bytes. The calls are good until the next ones are read, or cleared.
func (c *RawCalls) Decode(b []byte) ([]RawCall, error) {
	r, err := newReader(b)
	if err != nil {
		return nil, err
	}
	records := recordsIn(b) // so that no list moves while others point into it
	c.args, c.pieces = slices.Grow(c.args[:0], records), slices.Grow(c.pieces[:0], records)
	calls := c.calls[:0]
	for len(r.b) > 0 {
		name, err := r.next()
		if err != nil {
			return nil, err
		}
		if Kind(name.kind) != Shortcode {
			return nil, fmt.Errorf("reply: record of kind %d in the place of a name", name.kind)
		}
		call, err := c.read(&r, name)
		if err != nil {
			return nil, err
		}
		calls = append(calls, call)
	}
	c.calls = calls
	return calls, nil
}

// read reads the arguments that follow a name.
func (c *RawCalls) read(r *reader, name record) (RawCall, error) {
	if err := r.children(name.n); err != nil {
		return RawCall{}, err
	}
	from := len(c.args)
	for range name.n {
		at := len(c.pieces)
		arg, err := r.arg(c.pieces[at:])
		if err != nil {
			return RawCall{}, err
		}
		c.pieces = c.pieces[:at+len(arg.Pieces)]
		c.args = append(c.args, arg)
	}
	return RawCall{Name: name.text, Args: c.args[from:]}, nil
}

// Clear drops the calls that were read.
func (c *RawCalls) Clear() {
	clear(c.calls)
	clear(c.args)
	clear(c.pieces)
	c.calls, c.args, c.pieces = c.calls[:0], c.args[:0], c.pieces[:0]
}

// recordsIn counts the records of a wire form, up to where it is broken.
func recordsIn(b []byte) int {
	n := 0
	for {
		_, whole, ok := size(b)
		if !ok {
			return n
		}
		n++
		b = b[whole:]
	}
}
