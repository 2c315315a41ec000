package messenger

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// MaxPages is how many Pages of one user are asked for.
const MaxPages = 200

// HostFields are the webhook fields that a bot is subscribed to, on the app's level and
// on the Page's (messenger.md section 2.6).
func HostFields() []string {
	return []string{
		"messages", "messaging_postbacks", "messaging_referrals", "messaging_optins", "message_echoes", "messaging_handovers",
		"standby", "message_reactions", "messaging_policy_enforcement", "messaging_account_linking", "message_deliveries", "message_reads",
	}
}

// FieldFeed is the webhook field of posts and comments, for bots that answer those.
const FieldFeed = "feed"

// The tasks on a Page without which its user cannot connect a bot.
const (
	TaskMessaging = "MESSAGING"
	TaskModerate  = "MODERATE"
)

// Owned is a Page on which a user has tasks.
type Owned struct {
	ID, Name string
	Token    string // the Page's, for the app of the user's token
	Tasks    []string
}

// Pages are the Pages of the user whose token the Client has, MaxPages at most.
func (c *Client) Pages(ctx context.Context) ([]Owned, error) {
	type owned struct {
		ID    text       `json:"id"`
		Name  text       `json:"name"`
		Token text       `json:"access_token"`
		Tasks list[text] `json:"tasks"`
	}
	all, err := pages[owned](ctx, c, request{
		op: "pages of the user", method: http.MethodGet, path: "me/accounts", timeout: CallTimeout,
		query: url.Values{"fields": {"id,name,access_token,tasks"}},
	}, MaxPages)
	var out []Owned
	for _, p := range all {
		out = append(out, Owned{string(p.ID), string(p.Name), string(p.Token), texts(p.Tasks)})
	}
	return out, err
}

// About is what the platform tells of a Page.
type About struct {
	ID, Name  string
	Published bool
}

// About asks what the Page is.
func (c *Client) About(ctx context.Context) (About, error) {
	var w struct {
		ID        text  `json:"id"`
		Name      text  `json:"name"`
		Published truth `json:"is_published"`
	}
	_, err := c.call(ctx, request{
		op: "page", method: http.MethodGet, path: c.page, timeout: CallTimeout, query: url.Values{"fields": {"id,name,is_published"}},
	}, &w)
	return About{string(w.ID), string(w.Name), bool(w.Published)}, err
}

// Subscribed are the webhook fields that an app is subscribed to on the Page; ok tells
// whether it is at all.
func (c *Client) Subscribed(ctx context.Context, app string) (fields []string, ok bool, err error) {
	var w struct {
		Data list[struct {
			ID     text       `json:"id"`
			Fields list[text] `json:"subscribed_fields"`
		}] `json:"data"`
	}
	_, err = c.call(ctx, request{
		op: "subscription of the page", method: http.MethodGet, path: c.page + "/subscribed_apps", timeout: CallTimeout,
	}, &w)
	for _, one := range w.Data {
		if string(one.ID) == app {
			return texts(one.Fields), true, err
		}
	}
	return nil, false, err
}

// Subscribe subscribes the app of the token to what happens on the Page.
func (c *Client) Subscribe(ctx context.Context, fields []string) error {
	_, err := c.call(ctx, request{
		op: "subscribe page", method: http.MethodPost, path: c.page + "/subscribed_apps", timeout: CallTimeout,
		body: map[string]any{"subscribed_fields": strings.Join(fields, ",")},
	}, &struct{}{})
	return err
}

// Unsubscribe ends the subscription of the app of the token to the Page.
func (c *Client) Unsubscribe(ctx context.Context) error {
	_, err := c.call(ctx, request{
		op: "unsubscribe page", method: http.MethodDelete, path: c.page + "/subscribed_apps", timeout: CallTimeout,
	}, &struct{}{})
	return err
}

// Foyer reads properties of the Messenger Profile: what the Page shows before anybody
// has spoken (messenger.md section 4.1). Those that are not set are not in it.
func (c *Client) Foyer(ctx context.Context, properties []string) (map[string]json.RawMessage, error) {
	var w struct {
		Data []map[string]json.RawMessage `json:"data"`
	}
	_, err := c.call(ctx, request{
		op: "page set-up", method: http.MethodGet, path: c.page + "/messenger_profile", timeout: CallTimeout,
		query: url.Values{"fields": {strings.Join(properties, ",")}},
	}, &w)
	out := map[string]json.RawMessage{}
	for _, part := range w.Data {
		for name, value := range part {
			out[name] = value
		}
	}
	return out, err
}

// SetFoyer sets properties of the Messenger Profile; those that are not named stay.
func (c *Client) SetFoyer(ctx context.Context, properties map[string]any) error {
	body := map[string]any{}
	for name, value := range properties {
		body[name] = value
	}
	_, err := c.call(ctx, request{
		op: "set up page", method: http.MethodPost, path: c.page + "/messenger_profile", timeout: CallTimeout, body: body,
	}, &struct{}{})
	return err
}

// ClearFoyer removes properties of the Messenger Profile.
func (c *Client) ClearFoyer(ctx context.Context, properties []string) error {
	_, err := c.call(ctx, request{
		op: "clear page set-up", method: http.MethodDelete, path: c.page + "/messenger_profile", timeout: CallTimeout,
		body: map[string]any{"fields": properties},
	}, &struct{}{})
	return err
}

// Latest is the conversation of a Page in which something was said last.
type Latest struct {
	PSID    string // empty: nobody has written yet
	Name    string
	Updated time.Time
}

// Latest finds the newest conversation of the Page with the id.
func (c *Client) Latest(ctx context.Context, page string) (Latest, error) {
	var w struct {
		Data list[struct {
			Updated      text `json:"updated_time"`
			Participants struct {
				Data list[struct {
					ID   text `json:"id"`
					Name text `json:"name"`
				}] `json:"data"`
			} `json:"participants"`
		}] `json:"data"`
	}
	_, err := c.call(ctx, request{
		op: "newest conversation", method: http.MethodGet, path: c.page + "/conversations", timeout: CallTimeout,
		query: url.Values{"platform": {"messenger"}, "limit": {"1"}, "fields": {"updated_time,participants"}},
	}, &w)
	for _, one := range w.Data {
		for _, who := range one.Participants.Data {
			if string(who.ID) != page && who.ID != "" {
				at, _ := time.Parse(createdForm, string(one.Updated)) // zero: it does not tell
				return Latest{string(who.ID), string(who.Name), at.UTC()}, err
			}
		}
	}
	return Latest{}, err
}

// ThreadOwner is the app that controls a person's thread; empty: none, or it is not told.
func (c *Client) ThreadOwner(ctx context.Context, psid string) (string, error) {
	var w struct {
		Data list[struct {
			Owner struct {
				App text `json:"app_id"`
			} `json:"thread_owner"`
		}] `json:"data"`
	}
	_, err := c.call(ctx, request{
		op: "thread owner", method: http.MethodGet, path: c.page + "/thread_owner", timeout: CallTimeout,
		query: url.Values{"recipient": {psid}},
	}, &w)
	for _, one := range w.Data {
		return string(one.Owner.App), err
	}
	return "", err
}
