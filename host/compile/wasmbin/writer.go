package wasmbin

import "encoding/binary"

// writer appends the primitive forms of the binary format to a buffer.
type writer struct{ buf []byte }

func (w *writer) byte(b byte)      { w.buf = append(w.buf, b) }
func (w *writer) bytes(b []byte)   { w.buf = append(w.buf, b...) }
func (w *writer) fixed16(v uint16) { w.buf = binary.LittleEndian.AppendUint16(w.buf, v) }
func (w *writer) fixed32(v uint32) { w.buf = binary.LittleEndian.AppendUint32(w.buf, v) }
func (w *writer) u32(v uint32)     { w.buf = binary.AppendUvarint(w.buf, uint64(v)) }
func (w *writer) count(n int)      { w.u32(uint32(n)) }
func (w *writer) s32(v int32)      { w.buf = appendSigned(w.buf, int64(v)) }
func (w *writer) s64(v int64)      { w.buf = appendSigned(w.buf, v) }

// name writes a string with its length in front.
func (w *writer) name(s string) {
	w.count(len(s))
	w.buf = append(w.buf, s...)
}

// text writes a string that ends with a zero byte, as DWARF wants them.
func (w *writer) text(s string) {
	w.buf = append(w.buf, s...)
	w.buf = append(w.buf, 0)
}

func (w *writer) section(id byte, body []byte) {
	w.byte(id)
	w.count(len(body))
	w.bytes(body)
}

func (w *writer) custom(name string, data []byte) {
	var s writer
	s.name(name)
	s.bytes(data)
	w.section(sectionCustom, s.buf)
}

// appendSigned appends v in signed LEB128.
func appendSigned(b []byte, v int64) []byte {
	for {
		group := byte(v) & 0x7f
		v >>= 7
		if (v == 0 && group&0x40 == 0) || (v == -1 && group&0x40 != 0) {
			return append(b, group)
		}
		b = append(b, group|0x80)
	}
}
