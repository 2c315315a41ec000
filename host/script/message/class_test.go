package message

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

// borders marks every border of a text with a bar.
func borders(text Text) string {
	var b []byte
	for i, c := range text.Classes {
		if c&Border != 0 {
			b = append(b, '|')
		}
		if i < len(text.String) {
			b = append(b, text.String[i])
		}
	}
	return string(b)
}

func TestBorders(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"L-TRIG-8 the empty text", "", "|"},
		{"L-TRIG-8 words and blanks", "ab c", "|ab| |c|"},
		{"L-TRIG-8 words and symbols", "green-tea", "|green|-|tea|"},
		{"L-TRIG-8 symbols among themselves", "a--b", "|a|--|b|"},
		{"L-TRIG-8 the underscore is of a word", "a_1", "|a_1|"},
		{"L-TRIG-8 emoji", "tea🍵🍵", "|tea|🍵🍵|"},
		{"L-TRIG-8 letters of any script", "чай茶", "|чай茶|"},
		{"L-TRIG-8 numbers of any kind", "x²½", "|x²½|"},
		{"L-TRIG-8 a mark belongs to its letter", "q\u0303a", "|q\u0303a|"},
		{"L-TRIG-8 a mark belongs to its symbol", "-\u0303a", "|-\u0303|a|"},
		{"L-TRIG-8 a mark behind a blank", "a \u0303b", "|a| |\u0303|b|"},
		{"L-TRIG-8 joiners", "a\u200db 🍵\u200d🍵", "|a\u200db| |🍵\u200d🍵|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := Text{tt.text, appendClasses(nil, []byte(tt.text))}
			if got := borders(text); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			checkClasses(t, text)
		})
	}
}

// checkClasses compares every bit with its definition.
func checkClasses(t *testing.T, text Text) {
	t.Helper()
	s := text.String
	if len(text.Classes) != len(s)+1 {
		t.Fatalf("%d classes for %d bytes", len(text.Classes), len(s))
	}
	wordy := func(i int) bool { // does a word character begin at i?
		for {
			r, _ := utf8.DecodeRuneInString(s[i:])
			if r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) {
				return true
			}
			if !isTrailing(r) || i == 0 || s[i-1] == ' ' {
				return false
			}
			_, size := utf8.DecodeLastRuneInString(s[:i])
			i -= size
		}
	}
	for i, got := range text.Classes {
		var want Class
		switch {
		case i == len(s):
			want = Start | Border
		case !utf8.RuneStart(s[i]):
		default:
			want = Start
			if s[i] == ' ' {
				want |= Blank
			}
			if '0' <= s[i] && s[i] <= '9' {
				want |= Digit
			}
			_, size := utf8.DecodeLastRuneInString(s[:i])
			if i == 0 || s[i] == ' ' || s[i-1] == ' ' || wordy(i) != wordy(i-size) {
				want |= Border
			}
		}
		if got != want {
			t.Fatalf("class at %d of %q is %04b, want %04b", i, s, got, want)
		}
	}
}
