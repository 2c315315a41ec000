package index

import "github.com/footlight-bots/footlight/host/script/message"

// Units cuts a text into the stretches between its borders, without blanks
// (L-TRIG-8): words, and what stands between them. A text that a pattern has
// between borders has the same units wherever it occurs.
func Units(text string) []string {
	var units []string
	before, start := message.BlankGap, -1
	for i, r := range text {
		shape := message.ShapeOf(r, before)
		if shape != before && start >= 0 {
			units = append(units, text[start:i])
			start = -1
		}
		if start < 0 && shape != message.BlankGap {
			start = i
		}
		before = shape
	}
	if start >= 0 {
		units = append(units, text[start:])
	}
	return units
}
