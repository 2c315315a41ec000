package data

import (
	"encoding/binary"
	"testing"
)

func TestData(t *testing.T) {
	var d Segment
	if at := d.Text(""); at != 0 {
		t.Errorf("the empty text is at %d, want 0", at)
	}
	tea := d.Text("tea")
	if tea != Base {
		t.Errorf("the first text is at %d, want %d", tea, Base)
	}
	table := d.Words([]uint32{1, 0x01020304})
	if table%4 != 0 || table < tea+3 {
		t.Errorf("a table at %d is not aligned to 4 behind the text", table)
	}
	if got := binary.LittleEndian.Uint32(d.buf[table-Base+4:]); got != 0x01020304 {
		t.Errorf("second word %#x", got)
	}
	if at := d.Text("tea"); at != tea {
		t.Errorf("the same text again is at %d, want %d", at, tea)
	}
	if got := string(d.buf[:3]); got != "tea" {
		t.Errorf("the text reads %q", got)
	}
	if err := d.Check(); err != nil {
		t.Error(err)
	}
}
