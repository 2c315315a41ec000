package emit

import (
	"encoding/binary"
	"testing"
)

func TestData(t *testing.T) {
	var d data
	if at := d.text(""); at != 0 {
		t.Errorf("the empty text is at %d, want 0", at)
	}
	tea := d.text("tea")
	if tea != dataBase {
		t.Errorf("the first text is at %d, want %d", tea, dataBase)
	}
	table := d.words([]uint32{1, 0x01020304})
	if table%4 != 0 || table < tea+3 {
		t.Errorf("a table at %d is not aligned to 4 behind the text", table)
	}
	if got := binary.LittleEndian.Uint32(d.buf[table-dataBase+4:]); got != 0x01020304 {
		t.Errorf("second word %#x", got)
	}
	if at := d.text("tea"); at != tea {
		t.Errorf("the same text again is at %d, want %d", at, tea)
	}
	if got := string(d.buf[:3]); got != "tea" {
		t.Errorf("the text reads %q", got)
	}
	if err := d.check(); err != nil {
		t.Error(err)
	}
}
