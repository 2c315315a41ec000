package sandbox

import (
	"testing"
	"unsafe"
)

// TestLand: memory on land grows where it lies, is empty where it is new, and ends where it was said to.
func TestLand(t *testing.T) {
	l := newLand(3 * pageSize)
	first := l.Reallocate(pageSize)
	first[0], first[pageSize-1] = 1, 2
	grown := l.Reallocate(3 * pageSize)
	if unsafe.SliceData(grown) != unsafe.SliceData(first) || grown[0] != 1 || grown[pageSize-1] != 2 {
		t.Error("memory was moved, or has changed")
	}
	for i, b := range grown[pageSize:] {
		if b != 0 {
			t.Fatalf("byte %d is %d", pageSize+i, b)
		}
	}
	if l.Reallocate(3*pageSize+1) != nil {
		t.Error("it has grown beyond its end")
	}
	l.Free()
	l.Free()
	if l.Reallocate(1) != nil {
		t.Error("there is memory left when it is free")
	}
}
