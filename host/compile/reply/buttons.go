package reply

import "encoding/json"

// MaxQuickReplies is the number of labels that a part can show as quick replies;
// with more of them it carries a numbered list (L-SC-7).
const MaxQuickReplies = 13

// Labels returns the labels of all ^buttons of the part, in order, without empty
// ones. A list given as data counts as its items (L-SC-3).
func (p Part) Labels() []string {
	n := 0
	for i := range p.Shortcodes {
		if p.Shortcodes[i].Name == "buttons" {
			n += len(p.Shortcodes[i].Args)
		}
	}
	if n == 0 {
		return nil
	}
	labels := make([]string, 0, n)
	for _, call := range p.Shortcodes {
		if call.Name != "buttons" {
			continue
		}
		for _, arg := range call.Args {
			labels = arg.appendTexts(labels)
		}
	}
	return labels
}

// appendTexts appends the argument as a list: the items of a JSON list, or the one text.
func (a Arg) appendTexts(texts []string) []string {
	if a.JSON == "" {
		if a.Text == "" {
			return texts
		}
		return append(texts, a.Text)
	}
	var items []json.RawMessage
	if json.Unmarshal([]byte(a.JSON), &items) != nil {
		return append(texts, a.JSON)
	}
	for _, item := range items {
		var text string
		if json.Unmarshal(item, &text) != nil {
			text = string(item)
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}
