package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/node"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// labelList is GET /{page}/custom_labels.
func (e *Emulator) labelList(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	page, err := selection.Page(c.page.Labels, value.Count(c.Get("limit")), c.Get("after"), func(l state.Label) any { return node.Label(l) })
	if err != nil {
		return nil, refusal.New(100, 0, "Invalid parameter: %v", err)
	}
	return page, nil
}

// labelSet is POST /{page}/custom_labels.
func (e *Emulator) labelSet(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	name := c.Get("page_label_name")
	if name == "" {
		name = c.Get("name") // as older versions call it
	}
	if name == "" {
		return nil, refusal.New(100, 0, "The parameter page_label_name is required")
	}
	made := state.Label{ID: e.state.ThingID(), Name: name}
	c.page.Labels = append(c.page.Labels, made)
	return map[string]any{"id": made.ID}, nil
}

// features are what can be reviewed, by the permission that stands for the approval.
var features = []string{"human_agent", "one_time_notification", "primary_receiver", "subscription_messaging"}

// featureReview is GET /{page}/messaging_feature_review: the features that were approved.
func (e *Emulator) featureReview(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	data := []any{}
	for _, name := range features {
		if slices.Contains(c.app.Permissions, name) {
			data = append(data, map[string]any{"feature": name, "status": "approved"})
		}
	}
	return map[string]any{"data": data}, nil
}
