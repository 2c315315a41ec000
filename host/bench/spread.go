package bench

import (
	"math/bits"
	"time"
)

// Spread is how times lie: a histogram whose buckets are 1/64 of their value wide, so
// that it takes any number of times in 30 KiB. The zero Spread is empty.
type Spread struct {
	buckets [(64 - fine) << fine]uint64
	count   uint64
	longest time.Duration
}

// fine is how many bits of a time tell its bucket.
const fine = 6

// bucket is the number of a time's bucket: times below 2^fine nanoseconds have one each.
func bucket(d time.Duration) int {
	n := uint64(max(d, 0))
	shift := max(bits.Len64(n)-1-fine, 0)
	return shift<<fine + int(n>>shift)
}

// top is the longest time of a bucket.
func top(bucket int) time.Duration {
	shift := max(bucket>>fine-1, 0)
	return time.Duration((uint64(bucket-shift<<fine)+1)<<shift - 1)
}

// Add counts a time.
func (s *Spread) Add(d time.Duration) {
	s.buckets[bucket(d)]++
	s.count++
	s.longest = max(s.longest, d)
}

// Merge counts all times of another one.
func (s *Spread) Merge(o *Spread) {
	for i, n := range o.buckets {
		s.buckets[i] += n
	}
	s.count += o.count
	s.longest = max(s.longest, o.longest)
}

// Count is how many times were added.
func (s *Spread) Count() uint64 { return s.count }

// Max is the longest time, exactly.
func (s *Spread) Max() time.Duration { return s.longest }

// Share is the time within which a share of all lies, from 0 to 1: the median at 0.5.
// It is at most 1/64 too long; without any time it is 0.
func (s *Spread) Share(share float64) time.Duration {
	wanted := max(uint64(share*float64(s.count)+0.5), 1)
	var seen uint64
	for i, n := range s.buckets {
		if seen += n; seen >= wanted {
			return min(top(i), s.longest)
		}
	}
	return s.longest
}
