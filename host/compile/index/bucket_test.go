package index

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Every row lies in the bucket of its hash, no two at one place, and rows of one bucket
// keep their order.
func TestBuckets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hashes := rapid.SliceOf(rapid.OneOf(rapid.Uint32(), rapid.Uint32Range(0, 3))).Draw(t, "hashes")
		first := rapid.Uint32Range(0, 1).Draw(t, "first")
		b, places := fill(hashes, first)
		taken := map[uint32]bool{}
		for i, at := range places {
			if from, to := b.rows(hashes[i]); at < from || at >= to {
				t.Errorf("row %d is at %d, its bucket has those from %d up to %d", i, at, from, to)
			}
			if at < first || at-first >= uint32(len(hashes)) || taken[at] {
				t.Errorf("row %d is at %d", i, at)
			}
			taken[at] = true
			for j := range i {
				if hashes[j] == hashes[i] && places[j] > at {
					t.Errorf("rows %d and %d have changed places", j, i)
				}
			}
		}
	})
}

// A search in vain looks at few rows: about as many as a bucket has.
func TestBucketsAreSmall(t *testing.T) {
	hashes := make([]uint32, 10_000)
	for i := range hashes {
		hashes[i] = EdgeHash(EdgeKey(uint32(i/7), EdgeGap), uint32(i%500))
	}
	b, _ := fill(hashes, 0)
	var sizes []int
	for i := range len(b) - 1 {
		sizes = append(sizes, int(b[i+1]-b[i]))
	}
	if most := slices.Max(sizes); most > 8*rowsOfBucket {
		t.Errorf("a bucket has %d rows of %d", most, len(hashes))
	}
}
