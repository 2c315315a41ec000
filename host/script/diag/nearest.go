package diag

// maxDistance is how many single changes may part a suggestion from what was
// written; for short names it is less.
const maxDistance = 2

// Nearest is the name among names that is most like written, or "" if none is
// near: one wrong, missing, surplus or misplaced character for short names, two
// for names of six characters and more. Of equally near names the first counts.
func Nearest(written string, names []string) string {
	a := []rune(written)
	limit := maxDistance
	switch {
	case len(a) < 3:
		return ""
	case len(a) < 6:
		limit = 1
	}
	best := ""
	for _, name := range names {
		if d := distance(a, []rune(name), limit); d <= limit && name != written {
			best, limit = name, d-1
		}
	}
	return best
}

// DidYouMean is the label that goes with a suggestion.
func DidYouMean(name string) string { return `did you mean "` + name + `"?` }

// distance is the number of insertions, deletions, changes and swaps of
// neighbours between a and b; anything above limit counts as limit+1.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
