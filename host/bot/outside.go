package bot

import (
	"context"

	"github.com/footlight-bots/footlight/host/fetch"
	"github.com/footlight-bots/footlight/host/turn"
)

// newClient is the client for the hosts that bot.toml grants; nil without any.
func newClient(s Settings, private bool) (*fetch.Client, error) {
	if len(s.HTTP.Hosts) == 0 {
		return nil, nil
	}
	// Requests take real time, whatever the clock of the bot says.
	return fetch.New(fetch.Config{Hosts: s.HTTP.Hosts, AllowPrivate: private})
}

// fetcher lets turns ask through a client.
type fetcher struct{ client *fetch.Client }

var _ turn.Fetcher = fetcher{}

// Fetch implements turn.Fetcher.
func (f fetcher) Fetch(ctx context.Context, q turn.Request) (turn.Answer, error) {
	a, err := f.client.Fetch(ctx, fetch.Request{
		Method: q.Method, URL: q.URL, Header: q.Header, Body: q.Body, Within: q.Within,
	})
	return turn.Answer{Status: a.Status, Body: string(a.Body), Took: a.Took}, err
}
