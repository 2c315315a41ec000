package scan

// maxDepth is how many lists and objects may lie in each other, as for encoding/json.
const maxDepth = 10000

// Valid tells what json.Valid tells, in a quarter of the time: every webhook and every answer of the platform is looked through
// as a whole before anything is read of it.
func Valid(raw []byte) bool {
	end := check(raw, skip(raw, 0), 0)
	return end > 0 && skip(raw, end) == len(raw)
}

// check is the place behind the value that begins at i, in so many lists and objects; 0 when there is none.
func check(raw []byte, i, depth int) int {
	if i == len(raw) {
		return 0
	}
	switch c := raw[i]; {
	case c == '"':
		return checkText(raw, i)
	case c == '{' || c == '[':
		if depth == maxDepth {
			return 0
		}
		return checkInside(raw, i, depth+1)
	case c == '-' || isDigit(c):
		return checkNumber(raw, i)
	case c == 't':
		return checkWord(raw, i, "true")
	case c == 'f':
		return checkWord(raw, i, "false")
	case c == 'n':
		return checkWord(raw, i, "null")
	}
	return 0
}

// checkInside is check of a list or an object.
func checkInside(raw []byte, i, depth int) int {
	named, end := raw[i] == '{', raw[i]+2 // the sign that closes it
	if i = skip(raw, i+1); i < len(raw) && raw[i] == end {
		return i + 1
	}
	for {
		if named {
			if i == len(raw) || raw[i] != '"' {
				return 0
			}
			if i = checkText(raw, i); i == 0 {
				return 0
			}
			if i = skip(raw, i); i == len(raw) || raw[i] != ':' {
				return 0
			}
			i = skip(raw, i+1)
		}
		if i = check(raw, i, depth); i == 0 {
			return 0
		}
		if i = skip(raw, i); i == len(raw) {
			return 0
		}
		switch raw[i] {
		case end:
			return i + 1
		case ',':
			i = skip(raw, i+1)
		default:
			return 0
		}
	}
}

// checkText is check of a string.
func checkText(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			return i + 1
		case c < ' ':
			return 0
		case c == '\\':
			if i = checkEscape(raw, i+1); i == 0 {
				return 0
			}
		}
	}
	return 0
}

// checkEscape is the last place of what stands behind a backslash; 0 when that is no escape.
func checkEscape(raw []byte, i int) int {
	if i == len(raw) {
		return 0
	}
	switch raw[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i
	case 'u':
		if len(raw) < i+5 {
			return 0
		}
		for _, c := range raw[i+1 : i+5] {
			if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
				return 0
			}
		}
		return i + 4
	}
	return 0
}

// checkNumber is check of a number.
func checkNumber(raw []byte, i int) int {
	if raw[i] == '-' {
		i++
	}
	if i < len(raw) && raw[i] == '0' {
		i++
	} else if i = digits(raw, i); i == 0 {
		return 0
	}
	if i < len(raw) && raw[i] == '.' {
		if i = digits(raw, i+1); i == 0 {
			return 0
		}
	}
	if i < len(raw) && raw[i]|0x20 == 'e' {
		if i++; i < len(raw) && (raw[i] == '+' || raw[i] == '-') {
			i++
		}
		return digits(raw, i)
	}
	return i
}

// digits is the place behind the digits at i; 0 when there are none.
func digits(raw []byte, i int) int {
	from := i
	for i < len(raw) && isDigit(raw[i]) {
		i++
	}
	if i == from {
		return 0
	}
	return i
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// checkWord is the place behind a word at i; 0 when it does not stand there.
func checkWord(raw []byte, i int, word string) int {
	if len(raw)-i < len(word) || string(raw[i:i+len(word)]) != word {
		return 0
	}
	return i + len(word)
}
