package reply

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The wire form of tokens is what a compiled script leaves in its memory. It is a
// row of records without pointers. A record is a header of 12 bytes, numbers in
// little endian, then its text:
//
//	byte 0      kind: a Kind, or recordArg or recordPiece
//	byte 1      Begin: the Format; argument: the ArgKind; piece: the Fill
//	byte 2      Delay: 1 for nocancel
//	byte 3      0
//	bytes 4–7   Delay: milliseconds; Shortcode: number of its arguments;
//	            argument: number of its pieces
//	bytes 8–11  length of the text in bytes
//	…           the text: of a Text, Error or piece; of a Shortcode its name
//	…           0 to 3 bytes of any value, up to a multiple of 4
//
// The arguments of a Shortcode follow it, the pieces of an argument follow that.
// Bytes that are not named for a kind are ignored and should be 0.
const (
	headerBytes = 12

	recordArg   = 16
	recordPiece = 17
)

// MaxWireBytes is the size of a reply in its wire form, in bytes. It leaves room
// for 64 KiB of text in very small tokens.
const MaxWireBytes = 4 << 20

var errShort = errors.New("reply: wire form ends inside a record")

// Append appends the wire form of a token to b.
func Append(b []byte, t Token) []byte {
	var flags byte
	if t.NoCancel {
		flags = 1
	}
	n := t.Millis
	if t.Kind == Shortcode {
		n = len(t.Args)
	}
	b = appendRecord(b, byte(t.Kind), byte(t.Format), flags, n, t.Text)
	if t.Kind != Shortcode {
		return b
	}
	for _, a := range t.Args {
		kind, text := TextArg, a.Text
		if a.JSON != "" {
			kind, text = JSONArg, a.JSON
		}
		b = appendRecord(b, recordArg, byte(kind), 0, 1, "")
		b = appendRecord(b, recordPiece, byte(AsIs), 0, 0, text)
	}
	return b
}

func appendRecord(b []byte, kind, format, flags byte, n int, text string) []byte {
	b = append(b, kind, format, flags, 0)
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(text)))
	b = append(b, text...)
	return append(b, "\x00\x00\x00"[:-len(text)&3]...)
}

// record is one record of the wire form.
type record struct {
	kind, format, flags byte
	n                   int
	text                string
}

// reader takes records from b.
type reader struct{ b []byte }

func (r *reader) next() (record, error) {
	if len(r.b) < headerBytes {
		return record{}, errShort
	}
	rec := record{kind: r.b[0], format: r.b[1], flags: r.b[2], n: int(binary.LittleEndian.Uint32(r.b[4:]))}
	size := uint64(binary.LittleEndian.Uint32(r.b[8:]))
	end := headerBytes + (size+3)&^3
	if end > uint64(len(r.b)) {
		return record{}, errShort
	}
	rec.text = string(r.b[headerBytes : headerBytes+size])
	if !utf8.ValidString(rec.text) {
		rec.text = strings.ToValidUTF8(rec.text, string(utf8.RuneError))
	}
	r.b = r.b[end:]
	return rec, nil
}

// children checks a count of following records against what is left.
func (r *reader) children(n int) error {
	if n > len(r.b)/headerBytes {
		return fmt.Errorf("reply: a record announces %d more, %d bytes are left", n, len(r.b))
	}
	return nil
}

// The room that Decode makes for tokens before it has seen them, so that a usual
// reply is read without growing: a short text takes about usualTokenBytes, and few
// replies have more tokens than usualTokens.
const (
	usualTokenBytes = 24
	usualTokens     = 64
)

// Decode reads tokens from their wire form. It accepts any bytes: what is no
// wire form is an error.
func Decode(b []byte) ([]Token, error) {
	if len(b) > MaxWireBytes {
		return nil, fmt.Errorf("reply: wire form of %d bytes, at most %d are allowed", len(b), MaxWireBytes)
	}
	if len(b) == 0 {
		return nil, nil
	}
	r := reader{b}
	tokens := make([]Token, 0, min(len(b)/usualTokenBytes+1, usualTokens))
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

func (r *reader) shortcode(name record) (Token, error) {
	call, err := r.raw(name)
	if err != nil {
		return Token{}, err
	}
	return NewShortcode(call.Name, call.Args), nil
}

// raw reads the arguments that follow a name.
func (r *reader) raw(name record) (RawCall, error) {
	call := RawCall{Name: name.text}
	if err := r.children(name.n); err != nil {
		return call, err
	}
	for range name.n {
		rec, err := r.next()
		if err != nil {
			return call, err
		}
		if rec.kind != recordArg || rec.format > byte(JSONArg) {
			return call, fmt.Errorf("reply: record of kind %d/%d in the place of an argument", rec.kind, rec.format)
		}
		if err := r.children(rec.n); err != nil {
			return call, err
		}
		arg := RawArg{Kind: ArgKind(rec.format)}
		for range rec.n {
			piece, err := r.next()
			if err != nil {
				return call, err
			}
			if piece.kind != recordPiece || piece.format > byte(AsValue) {
				return call, fmt.Errorf("reply: record of kind %d/%d in the place of a piece", piece.kind, piece.format)
			}
			arg.Pieces = append(arg.Pieces, Piece{Fill(piece.format), piece.text})
		}
		call.Args = append(call.Args, arg)
	}
	return call, nil
}

// DecodeRaw reads names with their arguments, laid out like shortcodes, that a
// script hands over while it runs: requests and directions. Like Decode it accepts
// any bytes.
func DecodeRaw(b []byte) ([]RawCall, error) {
	if len(b) > MaxWireBytes {
		return nil, fmt.Errorf("reply: wire form of %d bytes, at most %d are allowed", len(b), MaxWireBytes)
	}
	r := reader{b}
	var calls []RawCall
	for len(r.b) > 0 {
		name, err := r.next()
		if err != nil {
			return nil, err
		}
		if Kind(name.kind) != Shortcode {
			return nil, fmt.Errorf("reply: record of kind %d in the place of a name", name.kind)
		}
		call, err := r.raw(name)
		if err != nil {
			return nil, err
		}
		calls = append(calls, call)
	}
	return calls, nil
}
