package reply

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// Content is what a reminder says when it comes due, in order: text that is
// inert, and script that is evaluated then (L-REM-3).
type Content []Held

// Held is a stretch of a Content: either a text or a script.
type Held struct {
	Text   string
	Script string
}

// heldScript is how a script stands in JSON; a text is a string there.
type heldScript struct {
	Script string `json:"script"`
}

// MarshalJSON implements json.Marshaler.
func (h Held) MarshalJSON() ([]byte, error) {
	if h.Script != "" {
		return json.Marshal(heldScript{h.Script})
	}
	return json.Marshal(h.Text)
}

// UnmarshalJSON implements json.Unmarshaler.
func (h *Held) UnmarshalJSON(data []byte) error {
	*h = Held{}
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &h.Text)
	}
	var s heldScript
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	h.Script = s.Script
	return nil
}

// ReadContent reads the content of an evaluated ^reminder. What holds script is
// JSON, made by the compiler; every other argument is one inert text.
func ReadContent(a Arg) Content {
	var c Content
	if a.JSON != "" && json.Unmarshal([]byte(a.JSON), &c) == nil {
		return c
	}
	if text := a.Text + a.JSON; text != "" {
		return Content{{Text: text}}
	}
	return nil
}

// Key names the script of a content, wherever in a bot it was written: two with
// the same scripts in the same order, with text in the same gaps, are one. It is
// empty without script.
func (c Content) Key() string {
	h := sha256.New()
	scripts := false
	for _, held := range c {
		scripts = scripts || held.Script != ""
		_, _ = fmt.Fprintf(h, "%d:%s", len(held.Script), held.Script) // a hash takes everything
	}
	if !scripts {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil)[:keyBytes])
}

// keyBytes is how much of the hash a Key keeps: enough for the reminders of any bot.
const keyBytes = 12

// Texts are the inert stretches, in order.
func (c Content) Texts() []string {
	var texts []string
	for _, held := range c {
		if held.Script == "" {
			texts = append(texts, held.Text)
		}
	}
	return texts
}

// String is the content as an author writes it.
func (c Content) String() string {
	var b strings.Builder
	for _, held := range c {
		if held.Script != "" {
			b.WriteString("<raw>" + held.Script + "</raw>")
			continue
		}
		b.WriteString(held.Text)
	}
	return b.String()
}
