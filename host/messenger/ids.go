package messenger

import (
	"context"
	"errors"
	"net/http"
	"net/url"
)

// MaxIDs is how many conversations of one user are asked for: a user has one with each
// Page of the app at most.
const MaxIDs = 2000

// An Account is a person on a Page.
type Account struct{ Page, PSID string }

// Registry asks the platform who is who for the app, not for one of its Pages. It is safe
// for concurrent use and never retries.
type Registry struct{ client *Client }

// NewRegistry returns a Registry of the app with an id; the PageToken and the Page of c
// do not count.
func NewRegistry(appID string, c Config) (*Registry, error) {
	if appID == "" || c.AppSecret == "" {
		return nil, errors.New("messenger registry: app id and app secret are needed")
	}
	c.Page, c.PageToken = appID, appID+"|"+c.AppSecret
	client, err := NewClient(c)
	if err != nil {
		return nil, err
	}
	return &Registry{client}, nil
}

// Close lets go of idle connections.
func (r *Registry) Close() { r.client.Close() }

// Accounts are the conversations of a user of the app, by its app-scoped id.
func (r *Registry) Accounts(ctx context.Context, user string) ([]Account, error) {
	type scoped struct {
		ID   text `json:"id"`
		Page struct {
			ID text `json:"id"`
		} `json:"page"`
	}
	found, err := pages[scoped](ctx, r.client, request{
		op: "ids of a user", method: http.MethodGet, path: url.PathEscape(user) + "/ids_for_pages", timeout: CallTimeout,
	}, MaxIDs)
	if err != nil {
		return nil, err
	}
	var out []Account
	for _, one := range found {
		if one.ID != "" && one.Page.ID != "" {
			out = append(out, Account{Page: string(one.Page.ID), PSID: string(one.ID)})
		}
	}
	return out, nil
}

// TokenOwner is the user who gave the app a token, by its app-scoped id, as long as the
// token is good; empty when the token is good no more, or the platform does not tell.
func (r *Registry) TokenOwner(ctx context.Context, token string) (string, error) {
	var w struct {
		Data struct {
			Valid truth `json:"is_valid"`
			User  text  `json:"user_id"`
		} `json:"data"`
	}
	_, err := r.client.call(ctx, request{
		op: "owner of a token", method: http.MethodGet, path: "debug_token", timeout: CallTimeout,
		query: url.Values{"input_token": {token}},
	}, &w)
	if err != nil || !bool(w.Data.Valid) {
		return "", err
	}
	return string(w.Data.User), nil
}
