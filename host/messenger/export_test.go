package messenger

// Judged are the pairs of code and subcode for which there is a verdict.
func Judged() [][2]int {
	var out [][2]int
	for c := range verdicts {
		out = append(out, [2]int{c.code, c.subcode})
	}
	return out
}
