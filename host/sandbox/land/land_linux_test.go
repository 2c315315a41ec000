package land

import (
	"testing"
	"unsafe"
)

// nowhere is a memory that no machine has addresses for, in bytes.
const nowhere = 1 << 60

// TestLand: memory on land grows where it lies, is empty where it is new, and ends where it was said to. Where there is
// no land it grows all the same.
func TestLand(t *testing.T) {
	for name, most := range map[string]uint64{"land": 3 * pageSize, "no addresses": nowhere} {
		t.Run(name, func(t *testing.T) {
			l := new(Land)
			l.Allocate(0, most)
			first := l.Reallocate(pageSize)
			first[0], first[pageSize-1] = 1, 2
			grown := l.Reallocate(3 * pageSize)
			if grown[0] != 1 || grown[pageSize-1] != 2 {
				t.Error("memory has changed")
			}
			for i, b := range grown[pageSize:] {
				if b != 0 {
					t.Fatalf("byte %d is %d", pageSize+i, b)
				}
			}
			if l.Reserved() != (most < nowhere) {
				t.Fatalf("land: %v", l.Reserved())
			}
			if l.Reserved() && (unsafe.SliceData(grown) != unsafe.SliceData(first) || l.Reallocate(3*pageSize+1) != nil) {
				t.Error("memory was moved, or has grown beyond its end")
			}
			l.Free()
			l.Free()
		})
	}
}

// TestFirstMemory: a machine begins also where its first memory is more than there is land.
func TestFirstMemory(t *testing.T) {
	l := new(Land)
	l.Allocate(0, pageSize)
	if memory := l.Reallocate(2 * pageSize); len(memory) != 2*pageSize || l.Reserved() {
		t.Errorf("%d bytes", len(memory))
	}
	l.Free()
}
