package selection

import (
	"encoding/base64"
	"fmt"
	"strconv"
)

// Bounds of a page: the items that Graph gives unasked, and at most.
const (
	defaultPage = 25
	maxPage     = 100
)

// Page is one page of a list: data, and the cursors that lead on. limit 0 means 25;
// after is the cursor that an earlier page gave, or empty. A cursor is a place in
// the list, so a list that grows at its front shows items twice.
func Page[T any](items []T, limit int, after string, show func(T) any) (map[string]any, error) {
	from := 0
	if after != "" {
		text, err := base64.RawURLEncoding.DecodeString(after)
		if err == nil {
			from, err = strconv.Atoi(string(text))
		}
		if err != nil || from < 0 {
			return nil, fmt.Errorf("cursor %.40q: no page gave it", after)
		}
	}
	if limit < 1 {
		limit = defaultPage
	}
	from = min(from, len(items))
	to := min(from+min(limit, maxPage), len(items))
	data := make([]any, 0, to-from)
	for _, it := range items[from:to] {
		data = append(data, show(it))
	}
	out := map[string]any{"data": data}
	if len(data) > 0 {
		cursors := map[string]any{"before": cursor(from), "after": cursor(to)}
		out["paging"] = map[string]any{"cursors": cursors}
	}
	return out, nil
}

func cursor(at int) string { return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(at))) }
