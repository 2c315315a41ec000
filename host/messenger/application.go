package messenger

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Kinds of access tokens, as the platform names them.
const (
	KindPage   = "PAGE"
	KindUser   = "USER"
	KindSystem = "SYSTEM_USER" // of a business, not of a person: it needs no exchange
	KindApp    = "APP"
)

// The permissions that a bot needs of the user who connects its Page (messenger.md
// section 4.4).
const (
	PermissionMessaging = "pages_messaging"
	PermissionMetadata  = "pages_manage_metadata"
	PermissionList      = "pages_show_list"
)

// Token is what the platform tells of an access token.
type Token struct {
	Valid   bool
	Kind    string // KindPage, KindUser, KindSystem, KindApp, or another
	App     string // id of the app that it was made for
	Page    string // id of the Page that it speaks for; empty: none
	Scopes  []string
	Expires time.Time // zero: never
	Access  time.Time // when access to people's data ends; zero: never, or not told
	Code    int       // of a token that is not valid: why
	Subcode int
}

// Lacks are the permissions of wanted that the token has not got.
func (t Token) Lacks(wanted ...string) []string {
	return slices.DeleteFunc(slices.Clone(wanted), func(s string) bool { return slices.Contains(t.Scopes, s) })
}

// Inspect asks what a token is. That a token is no good is no error.
func (r *Registry) Inspect(ctx context.Context, token string) (Token, error) {
	var w struct {
		Data struct {
			Valid   truth      `json:"is_valid"`
			Kind    text       `json:"type"`
			App     text       `json:"app_id"`
			Page    text       `json:"profile_id"`
			Scopes  list[text] `json:"scopes"`
			Expires number     `json:"expires_at"`
			Access  number     `json:"data_access_expires_at"`
			Error   struct {
				Code    number `json:"code"`
				Subcode number `json:"subcode"`
			} `json:"error"`
		} `json:"data"`
	}
	_, err := r.client.call(ctx, request{
		op: "inspect token", method: http.MethodGet, path: "debug_token", timeout: CallTimeout,
		query: url.Values{"input_token": {token}},
	}, &w)
	d := w.Data
	return Token{
		Valid: bool(d.Valid), Kind: string(d.Kind), App: string(d.App), Page: string(d.Page), Scopes: texts(d.Scopes),
		Expires: (d.Expires * 1000).time(), Access: (d.Access * 1000).time(), Code: d.Error.Code.count(), Subcode: d.Error.Subcode.count(),
	}, err
}

// Exchange makes a long-lived user token of a short-lived one. A Page token that is
// made with the long-lived one never expires (messenger.md section 4.4).
func (r *Registry) Exchange(ctx context.Context, userToken string) (string, error) {
	var w struct {
		Token text `json:"access_token"`
	}
	id, secret, _ := strings.Cut(r.client.token, "|")
	_, err := r.client.call(ctx, request{
		op: "exchange token", method: http.MethodPost, path: "oauth/access_token", timeout: CallTimeout,
		body: map[string]any{
			"grant_type": "fb_exchange_token", "client_id": id, "client_secret": secret, "fb_exchange_token": userToken,
		},
	}, &w)
	return string(w.Token), err
}

// Name is the app's name. It takes the app's secret to hear it, so it also shows that
// the secret is right.
func (r *Registry) Name(ctx context.Context) (string, error) {
	var w struct {
		Name text `json:"name"`
	}
	_, err := r.client.call(ctx, request{
		op: "app", method: http.MethodGet, path: r.client.page, timeout: CallTimeout, query: url.Values{"fields": {"id,name"}},
	}, &w)
	return string(w.Name), err
}

// Date is what time the platform said it was in its newest answer, in whole seconds; a zero
// time: it said nothing.
func (r *Registry) Date() time.Time {
	if at := r.client.date.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// Subscription is where the platform sends an app's webhooks, and of what.
type Subscription struct {
	Callback string // empty: nowhere
	Active   bool
	Fields   []string
}

// Subscription asks for the app's subscription to what happens on Pages.
func (r *Registry) Subscription(ctx context.Context) (Subscription, error) {
	var w struct {
		Data list[struct {
			Object   text  `json:"object"`
			Callback text  `json:"callback_url"`
			Active   truth `json:"active"`
			Fields   list[struct {
				Name text `json:"name"`
			}] `json:"fields"`
		}] `json:"data"`
	}
	_, err := r.client.call(ctx, request{
		op: "subscription of the app", method: http.MethodGet, path: r.client.page + "/subscriptions", timeout: CallTimeout,
	}, &w)
	for _, one := range w.Data {
		if one.Object != ObjectPage {
			continue
		}
		s := Subscription{Callback: string(one.Callback), Active: bool(one.Active)}
		for _, f := range one.Fields {
			s.Fields = append(s.Fields, string(f.Name))
		}
		return s, err
	}
	return Subscription{}, err
}

// Subscribe has the app's webhooks sent to a callback. The platform calls it first, and
// refuses with code 2200 unless it answers with the challenge.
func (r *Registry) Subscribe(ctx context.Context, callback, verifyToken string, fields []string) error {
	_, err := r.client.call(ctx, request{
		op: "subscribe app", method: http.MethodPost, path: r.client.page + "/subscriptions", timeout: CallTimeout,
		body: map[string]any{
			"object": ObjectPage, "callback_url": callback, "verify_token": verifyToken,
			"fields": strings.Join(fields, ","), "include_values": true,
		},
	}, &struct{}{})
	return err
}

// Unsubscribe ends the app's subscription to what happens on Pages, for all Pages.
func (r *Registry) Unsubscribe(ctx context.Context) error {
	_, err := r.client.call(ctx, request{
		op: "unsubscribe app", method: http.MethodDelete, path: r.client.page + "/subscriptions", timeout: CallTimeout,
		query: url.Values{"object": {ObjectPage}},
	}, &struct{}{})
	return err
}
