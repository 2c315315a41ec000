package webhook

import (
	"crypto/hmac"
	"crypto/sha1" // the legacy header, which Meta still sends
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Escape sets of webhook JSON (F9).
const (
	EscapesWide = "wide"
	EscapesNone = "none"
)

const wideSet = "<%@"

// Escape rewrites compact JSON the way Meta puts it on the wire: every UTF-16 unit
// beyond ASCII as \uxxxx in lower case, and / as \/. The wide set adds <, % and @
// with capitals. All of these occur inside strings only, so the JSON stays the same value.
func Escape(body []byte, set string) []byte {
	if set == EscapesNone {
		return body
	}
	out := make([]byte, 0, len(body)+len(body)/4)
	for i := 0; i < len(body); {
		c := body[i]
		if c < utf8.RuneSelf {
			switch {
			case c == '/':
				if escaped(body, i) {
					out = append(out, '/')
				} else {
					out = append(out, '\\', '/')
				}
			case set == EscapesWide && (c == wideSet[0] || c == wideSet[1] || c == wideSet[2]):
				out = fmt.Appendf(out, `\u%04X`, c)
			default:
				out = append(out, c)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(body[i:])
		for _, unit := range utf16.Encode([]rune{r}) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
		i += size
	}
	return out
}

// escaped reports whether the byte at i follows an odd number of backslashes, as in
// the \/ of an event that was written by hand.
func escaped(body []byte, i int) bool {
	n := 0
	for i--; i >= 0 && body[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

// sign returns the values of X-Hub-Signature-256 and X-Hub-Signature for the exact
// bytes of a body (messenger.md §2.3).
func sign(secret string, body []byte) (sha256Header, sha1Header string) {
	long := hmac.New(sha256.New, []byte(secret))
	long.Write(body)
	short := hmac.New(sha1.New, []byte(secret))
	short.Write(body)
	return "sha256=" + hex.EncodeToString(long.Sum(nil)), "sha1=" + hex.EncodeToString(short.Sum(nil))
}
