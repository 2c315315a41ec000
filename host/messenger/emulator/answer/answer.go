// Package answer is what a Graph call gets: a status, headers and a body, written as a
// response of its own or within the answer of a batch.
//
// It decides nothing: what a call gets is for the emulator to say. No API of the host is
// promised.
package answer

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Answer is what a call gets.
type Answer struct {
	Status  int
	Headers []Header
	Body    json.RawMessage
	Breaks  string // why nothing is written, fault.Timeout or fault.Reset; empty: all is
}

// Header is one header, by the name that net/http has for it.
type Header struct{ Name, Value string }

// Write writes an answer as a response.
func (a Answer) Write(w http.ResponseWriter) {
	h, values := w.Header(), make([]string, len(a.Headers))
	for i, one := range a.Headers {
		values[i] = one.Value
		h[one.Name] = values[i : i+1 : i+1]
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // the client has gone; the call log has the answer
}

// Inner is the answer of one call as that of its batch has it.
type Inner struct {
	Answer
	Bare bool // without headers
}

// AppendJSON implements value.Appender.
func (in Inner) AppendJSON(b []byte) []byte {
	b = value.AppendRaw(append(b, `{"body":`...), string(in.Body))
	b = strconv.AppendInt(append(b, `,"code":`...), int64(in.Status), 10)
	if !in.Bare {
		b = value.AppendRaw(append(b, `,"headers":`...), list(in.Headers))
	}
	return append(b, '}')
}

// list is headers as a batch tells of them, by name.
func list(headers []Header) []any {
	slices.SortFunc(headers, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	out := make([]any, len(headers))
	for i, one := range headers {
		out[i] = map[string]any{"name": one.Name, "value": one.Value}
	}
	return out
}

// Usual is for how many headers there is room from the start: for those of most answers.
const Usual = 8

// Date tells times as headers have them, which is the same for a second. The zero value is ready.
type Date struct {
	second int64
	told   string
}

// Text is a time as headers have it.
func (d *Date) Text(now time.Time) string {
	if second := now.Unix(); d.told == "" || d.second != second {
		d.second, d.told = second, now.UTC().Format(http.TimeFormat)
	}
	return d.told
}
