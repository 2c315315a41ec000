package ir

// Limits of section 28 of the language that a running script has to hold. Beyond
// them the reply of the turn is the Deep Recursion error.
const (
	MaxRedirects = 50        // redirects in a turn (L-RED-6)
	MaxSteps     = 1_000_000 // steps of evaluation in a turn
	MaxText      = 64 << 10  // text of one reply or argument, in bytes
)
