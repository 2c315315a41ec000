package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// World is what a platform starts with and how it behaves, as a file tells it: a JSON object with
// any of these names.
type World struct {
	Apps     []App    `json:"apps"`
	Pages    []Page   `json:"pages"`
	People   []Person `json:"people"`
	Users    []User   `json:"users"`
	Switches Switches `json:"switches"`
	Quotas   Quotas   `json:"quotas"`
}

// Read reads a world. What is not named stands for its usual value; the error says which name nobody
// knows, or what cannot be.
func Read(text []byte) (World, error) {
	var w World
	if err := strictly(text, &w); err != nil {
		return World{}, fmt.Errorf("world: %w", err)
	}
	if err := w.Switches.Filled().Check(); err != nil {
		return World{}, fmt.Errorf("world: %w", err)
	}
	if err := w.Quotas.Check(); err != nil {
		return World{}, fmt.Errorf("world: %w", err)
	}
	return w, nil
}

// strictly decodes JSON without names that v does not have.
func strictly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return fmt.Errorf("something follows after the object")
	}
	return nil
}

// UnmarshalJSON reads switches with times as texts, such as "menu_delay": "24h" and "retry_gaps":
// ["10s", "1m"].
func (s *Switches) UnmarshalJSON(text []byte) error {
	type plain Switches // which has no such method
	var spans struct {
		*plain
		RetryGaps []string `json:"retry_gaps"`
		MenuDelay string   `json:"menu_delay"`
	}
	spans.plain = (*plain)(s)
	if err := strictly(text, &spans); err != nil {
		return fmt.Errorf("switches: %w", err)
	}
	for _, gap := range spans.RetryGaps {
		d, err := time.ParseDuration(gap)
		if err != nil {
			return fmt.Errorf("switches: retry_gaps: %w", err)
		}
		s.RetryGaps = append(s.RetryGaps, d)
	}
	if spans.MenuDelay != "" {
		d, err := time.ParseDuration(spans.MenuDelay)
		if err != nil {
			return fmt.Errorf("switches: menu_delay: %w", err)
		}
		s.MenuDelay = d
	}
	return nil
}
