// Package prose measures, trims and cuts texts as Messenger shows them: in UTF-16 units, by
// whole grapheme clusters, and never inside what the app makes a link of.
//
// It knows texts only; how long which may be is for its callers to say. No API of the host is promised.
package prose

// Units is the length of s as the platform counts it: in UTF-16 units.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += runeUnits(r)
	}
	return n
}

func runeUnits(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// Cut is the longest prefix of s, in whole code points, of at most limit units;
// at least one code point.
func Cut(s string, limit int) string {
	n := 0
	for i, r := range s {
		n += runeUnits(r)
		if n > limit && i > 0 {
			return s[:i]
		}
	}
	return s
}
