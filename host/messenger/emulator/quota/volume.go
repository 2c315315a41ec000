package quota

import "time"

// Volume counts uses by key within a short span, by the second, at a cost that does
// not grow with them. The zero value has none.
type Volume struct{ keys map[string]*seconds }

type seconds struct {
	first int64 // the oldest second that is kept
	count []int // by second, from first on
}

// Note counts one use under key and is how many there were within the span. now must
// not go back.
func (v *Volume) Note(key string, span time.Duration, now time.Time) int {
	if v.keys == nil {
		v.keys = map[string]*seconds{}
	}
	n := int(span / time.Second)
	s := v.keys[key]
	if s == nil {
		s = &seconds{count: make([]int, n)}
		v.keys[key] = s
	}
	if from := now.Unix() - int64(n) + 1; from > s.first {
		gone := min(from-s.first, int64(n))
		copy(s.count, s.count[gone:])
		clear(s.count[int64(n)-gone:])
		s.first = from
	}
	s.count[min(max(0, now.Unix()-s.first), int64(n)-1)]++
	sum := 0
	for _, c := range s.count {
		sum += c
	}
	return sum
}
