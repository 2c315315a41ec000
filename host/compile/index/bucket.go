package index

// Buckets tell where the rows of a hash table lie that may have a hash: those of bucket
// n are the rows from entry n up to entry n+1. A row that is looked for in vain costs no
// more than one that is there, and no row is empty.
type Buckets []uint32

// rowsOfBucket is how many rows a bucket has in the mean. Two of them share a line of
// the processor's cache as a rule, and the table of buckets stays small.
const rowsOfBucket = 2

// fill puts rows with such hashes into buckets, in the order of the rows where they
// share one. The first place is first; places are those of the rows.
func fill(hashes []uint32, first uint32) (b Buckets, places []uint32) {
	b = make(Buckets, len(hashes)/rowsOfBucket+2)
	for _, h := range hashes {
		b[b.of(h)+1]++
	}
	b[0] = first
	for i := 1; i < len(b); i++ {
		b[i] += b[i-1]
	}
	next, places := append(Buckets(nil), b...), make([]uint32, len(hashes))
	for i, h := range hashes {
		n := b.of(h)
		places[i] = next[n]
		next[n]++
	}
	return b, places
}

// of is the bucket of a hash.
func (b Buckets) of(hash uint32) uint32 {
	return uint32(uint64(hash*SetFactor) * uint64(len(b)-1) >> 32)
}

// rows are the places of the rows that may have a hash: from the first up to the second.
func (b Buckets) rows(hash uint32) (from, to uint32) {
	n := b.of(hash)
	return b[n], b[n+1]
}
