package ir

// ErrorTexts returns the error texts of a dialect that a script itself produces (L-ERR-1).
func ErrorTexts(dialect string) Errors {
	if dialect == "rivescript" {
		return Errors{
			NotMatched: "ERR: No Reply Matched",
			NotFound:   "ERR: No Reply Found",
			Recursion:  "ERR: Deep Recursion Detected",
			NoObject:   "[ERR: Object Not Found]",
		}
	}
	return Errors{
		NotMatched: "[RIVE_ERROR: Reply Not Matched]",
		NotFound:   "[RIVE_ERROR: Reply Not Found]",
		Recursion:  "[RIVE_ERROR: Deep Recursion]",
		NoObject:   "[RIVE_ERROR: Object Not Found]",
	}
}

// MacroFailed is the error text of an exception in a macro (L-ERR-1).
func MacroFailed(dialect, message string) string {
	if dialect == "rivescript" {
		return "[ERR: Error raised by object macro: " + message + "]"
	}
	return "[ERR: Error when executing JavaScript object: " + message + "]"
}
