package messenger

import (
	"context"
	"net/url"
	"strconv"
)

// maxPageItems is how many items of a list are asked for at once; the platform may give fewer.
const maxPageItems = 100

// pages reads a list that the platform gives in pages, one after another, up to most items.
func pages[T any](ctx context.Context, c *Client, r request, most int) ([]T, error) {
	var out []T
	query := url.Values{"limit": {strconv.Itoa(min(maxPageItems, most))}}
	for name, values := range r.query {
		query[name] = values
	}
	r.query = query
	for after := ""; ; {
		var w struct {
			Data   list[T] `json:"data"`
			Paging struct {
				Cursors struct {
					After text `json:"after"`
				} `json:"cursors"`
			} `json:"paging"`
		}
		if _, err := c.call(ctx, r, &w); err != nil {
			return nil, err
		}
		out = append(out, w.Data...)
		next := string(w.Paging.Cursors.After)
		if len(w.Data) == 0 || next == "" || next == after || len(out) >= most {
			return out[:min(len(out), most)], nil
		}
		after = next
		query.Set("after", after)
	}
}
