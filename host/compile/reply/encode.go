package reply

import "encoding/binary"

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
