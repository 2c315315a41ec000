package reply

import "encoding/json"

// MaxQuickReplies is the number of labels that a part can show as quick replies;
// with more of them it carries a numbered list (L-SC-7).
const MaxQuickReplies = 13

// Labels returns the labels of all ^buttons of the part, in order, without empty
// ones. A list given as data counts as its items (L-SC-3).
func (p Part) Labels() []string {
	var labels []string
	for _, call := range p.Shortcodes {
		if call.Name != "buttons" {
			continue
		}
		for _, arg := range call.Args {
			labels = append(labels, arg.texts()...)
		}
	}
	return labels
}

// texts is the argument as a list: the items of a JSON list, or the one text.
func (a Arg) texts() []string {
	if a.JSON == "" {
		if a.Text == "" {
			return nil
		}
		return []string{a.Text}
	}
	var items []json.RawMessage
	if json.Unmarshal([]byte(a.JSON), &items) != nil {
		return []string{a.JSON}
	}
	var texts []string
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
