package ir

import (
	"encoding/binary"
	"errors"
)

// Places tells for the addresses of a module's tables which line of a script they
// come from, as a line table does for code. The zero Places is empty.
type Places struct {
	encoded []byte
	last    placeRow
}

// placeRow says that what lies at an address, and behind it up to the next row, comes
// from a line.
type placeRow struct {
	address int
	loc     Loc
}

// Add appends a row. Rows have to come in the order of their addresses; of two with
// one address the later counts.
func (p *Places) Add(address int, loc Loc) {
	if loc == p.last.loc && len(p.encoded) > 0 {
		return
	}
	p.encoded = binary.AppendUvarint(p.encoded, uint64(address-p.last.address))
	p.encoded = binary.AppendVarint(p.encoded, int64(loc.File-p.last.loc.File))
	p.encoded = binary.AppendVarint(p.encoded, int64(loc.Line-p.last.loc.Line))
	p.last = placeRow{address, loc}
}

// Encode returns the binary form: three varints a row, each the difference to the row
// before: of the address, the file and the line.
func (p *Places) Encode() []byte { return p.encoded }

// errPlaces is returned for a table of places that is cut off.
var errPlaces = errors.New("the table of places is cut off")

// PlaceOf finds the line of an address in the binary form of Places. It is Loc{} for
// an address in front of the first row.
func PlaceOf(encoded []byte, address int) (Loc, error) {
	var at placeRow
	for len(encoded) > 0 {
		step, n := binary.Uvarint(encoded)
		if n <= 0 {
			return Loc{}, errPlaces
		}
		file, m := binary.Varint(encoded[n:])
		if m <= 0 {
			return Loc{}, errPlaces
		}
		line, k := binary.Varint(encoded[n+m:])
		if k <= 0 {
			return Loc{}, errPlaces
		}
		if at.address += int(step); at.address > address {
			break
		}
		at.loc = Loc{at.loc.File + int(file), at.loc.Line + int(line)}
		encoded = encoded[n+m+k:]
	}
	return at.loc, nil
}
