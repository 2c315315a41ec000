package chronicle

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// maxLogLine is the longest line of a log that is read, in bytes; a longer one is none of
// the host's own.
const maxLogLine = 1 << 20

// Line is a line of a chronicle.
type Line struct {
	Time         string   `json:"time"`
	Message      string   `json:"msg"`
	Conversation string   `json:"conversation"`
	Kind         string   `json:"kind"`
	Fate         string   `json:"fate"`
	At           int64    `json:"at"` // of the platform, Unix time in milliseconds
	Turn         string   `json:"turn"`
	Intent       string   `json:"intent"`
	Mid          string   `json:"mid"`
	Mids         []string `json:"mids"`
	Watermark    int64    `json:"watermark"` // likewise
	Outcome      string   `json:"outcome"`
	Class        string   `json:"class"`
	Tries        int      `json:"tries"`
	Sends        int      `json:"sends"`
	LagMS        int64    `json:"lag_ms"`
	File         string   `json:"file"`
	Number       int      `json:"line"` // in File
	Reason       string   `json:"reason"`
	Error        string   `json:"error"`
	Text         string   `json:"text"`
}

// Reader holds the lines of logs. The zero Reader holds none.
type Reader struct{ lines []Line }

// Read takes in the lines that are of a chronicle, and passes over all others.
func (r *Reader) Read(from io.Reader) error {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxLogLine)
	for lines.Scan() {
		var l Line
		if json.Unmarshal(lines.Bytes(), &l) == nil && l.Conversation != "" {
			r.lines = append(r.lines, l)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("chronicle: a line has more than %d bytes: this is no log of footlight serve", maxLogLine)
	} else if err != nil {
		return fmt.Errorf("chronicle: %w", err)
	}
	return nil
}

// About finds the lines that belong to an id, in the order of time.
func (r *Reader) About(id string) []Line {
	ids := map[string]bool{id: true}
	var found []Line
	took := make([]bool, len(r.lines))
	for grew := true; grew; { // what belongs to what belongs to it
		grew = false
		for i, l := range r.lines {
			if took[i] || !l.names(ids) && l.Conversation != id {
				continue
			}
			took[i], grew = true, true
			found = append(found, l)
			for _, more := range []string{l.Turn, l.Intent, l.Mid} {
				if more != "" {
					ids[more] = true
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Line) int { return strings.Compare(a.Time, b.Time) })
	return r.withReads(found, took)
}

// names tells whether a line holds one of the ids.
func (l Line) names(ids map[string]bool) bool {
	return ids[l.Turn] || ids[l.Intent] || ids[l.Mid] || slices.ContainsFunc(l.Mids, func(m string) bool { return ids[m] })
}

// withReads adds the first receipt of each kind that names no message, but whose watermark
// tells that the last message sent had arrived, or was read.
func (r *Reader) withReads(found []Line, took []bool) []Line {
	var sent int64 // when it was, by the platform's clock where its echo came, else by ours
	var talk string
	seen := map[string]bool{}
	for _, l := range found {
		seen[l.Kind] = seen[l.Kind] || l.Message == lineReceipt
		if l.Message == lineHeard && l.Kind == "echo" {
			sent, talk = l.At, l.Conversation
		}
	}
	for _, l := range found {
		if at, err := time.Parse(time.RFC3339Nano, l.Time); err == nil && talk == "" && l.Message == lineSend && l.Outcome == "delivered" {
			sent, talk = max(sent, at.UnixMilli()), l.Conversation
		}
	}
	for i, l := range r.lines {
		if talk != "" && !took[i] && l.Message == lineReceipt && l.Conversation == talk && l.Watermark >= sent && !seen[l.Kind] {
			seen[l.Kind] = true
			found = append(found, l)
		}
	}
	slices.SortStableFunc(found, func(a, b Line) int { return strings.Compare(a.Time, b.Time) })
	return found
}

// String is a line as people read it.
func (l Line) String() string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch l.Message {
	case lineHeard:
		add("%s, %s", l.Kind, l.Fate)
	case lineReceipt:
		add("%s", map[string]string{"delivery": "arrived", "read": "was read"}[l.Kind])
	default:
		for _, word := range []string{l.Kind, l.Outcome} {
			if word != "" {
				add("%s", word)
			}
		}
	}
	if l.Class != "" {
		add("class %s", l.Class)
	}
	if l.Message == lineTurn {
		add("sends: %d, %d ms after the event", l.Sends, l.LagMS)
	}
	if l.Tries > 0 {
		add("try %d", l.Tries+1)
	}
	if l.File != "" {
		add("%s:%d", l.File, l.Number)
	}
	for _, id := range []string{l.Mid, l.Intent} {
		if id != "" {
			add("%s", id)
		}
	}
	if l.Intent == "" && l.Turn != "" {
		add("turn %s", l.Turn)
	}
	for _, text := range []string{l.Text, l.Reason, l.Error} {
		if text != "" {
			add("%s", text)
		}
	}
	clock := l.Time
	if _, after, ok := strings.Cut(clock, "T"); ok {
		clock = after[:min(len(after), len("15:04:05.000"))]
	}
	return fmt.Sprintf("%s  %-8s %s", clock, l.Message, strings.Join(parts, "  "))
}

// Len is how many lines there are.
func (r *Reader) Len() int { return len(r.lines) }
