package messenger

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// MaxSaid is how many messages of a conversation are read back: of older ones the
// platform has no details (messenger.md section 3.10).
const MaxSaid = 20

// Said is a message of a conversation as the platform keeps it. It holds no metadata:
// only text, sort and time tell which message it is.
type Said struct {
	ID          string
	Text        string
	Attachments int
	Page        bool      // the Page said it, not the person
	At          time.Time // in whole seconds
}

// createdForm is how the platform writes the time of a message.
const createdForm = "2006-01-02T15:04:05-0700"

// Said reads the newest messages of a person's conversation back, newest first: up to
// MaxSaid. The platform allows two such calls a second for each Page.
func (c *Client) Said(ctx context.Context, psid string) ([]Said, error) {
	var w struct {
		Data []struct {
			Messages struct {
				Data []struct {
					ID          text      `json:"id"`
					Text        text      `json:"message"`
					From        wireParty `json:"from"`
					Created     text      `json:"created_time"`
					Attachments struct {
						Data []struct{} `json:"data"`
					} `json:"attachments"`
				} `json:"data"`
			} `json:"messages"`
		} `json:"data"`
	}
	_, err := c.call(ctx, request{
		op: "read back", method: http.MethodGet, path: c.page + "/conversations", timeout: CallTimeout,
		query: url.Values{
			"platform": {"messenger"}, "user_id": {psid},
			"fields": {"messages.limit(" + strconv.Itoa(MaxSaid) + "){id,message,from,created_time,attachments}"},
		},
	}, &w)
	if err != nil {
		return nil, err
	}
	var out []Said
	for _, conversation := range w.Data {
		for _, m := range conversation.Messages.Data {
			at, err := time.Parse(createdForm, string(m.Created))
			if err != nil {
				continue // one of which there are no details
			}
			out = append(out, Said{
				ID: string(m.ID), Text: string(m.Text), Attachments: len(m.Attachments.Data),
				Page: string(m.From.ID) != psid, At: at.UTC(),
			})
		}
	}
	return out, nil
}
