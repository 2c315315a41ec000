package deploy

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/foyer"
	"github.com/footlight-bots/footlight/host/mask"
	"github.com/footlight-bots/footlight/host/messenger"
)

// webhookPath is where a host takes webhooks, below its public address.
const webhookPath = "/webhook"

// Site is what is to be set up, and with what.
type Site struct {
	GraphURL, GraphVersion        string // empty: Meta's, the current one
	AppID, AppSecret, VerifyToken string
	PageID, PageToken             string
	UserToken                     string              // makes a Page token; may be short-lived
	Public                        string              // the host's address in the world, as in https://bot.example
	Foyer                         *foyer.Page         // what the Page is to show; nil: it is not looked at
	Personas                      []messenger.Persona // who can speak in place of the Page
	Masks                         Masks               // where their ids are kept; nil: the host makes them when they first speak
	Ours                          []foyer.Property    // what was set by us before, and may be removed
	Scripts                       func(ctx context.Context) (faults int, err error)
	Comments                      func() bool // whether the bot answers comments on posts, as far as Scripts has found out; nil: it does not
	Clock                         clock.Clock
	Stored                        func(ctx context.Context) (Stored, error) // how the host's store is kept; nil: it cannot be asked
	Web                           *http.Client                              // for our own callback; nil: one of ours
	Host                          Host                                      // what is kept in the host's store; nil: it cannot be asked
	// Serve starts a host with what is known by now, at the callback, and returns once it
	// answers; nil: somebody else starts it.
	Serve       func(ctx context.Context, k Keys) error
	TestMessage string    // sent to whoever wrote last, once, when the walk has come so far; empty: nothing is sent
	Said        time.Time // when a test message was sent already; zero: never
}

// Keys are what a host needs to serve the Page.
type Keys struct{ AppID, AppSecret, VerifyToken, PageID, PageToken string }

// Pauses tell whether a Page's messages are held.
type Pauses interface {
	// Pause is why and until when the Page's messages are held; reason is empty when they
	// are not. A zero until means: until it is resumed.
	Pause(ctx context.Context, page string) (reason string, until time.Time, err error)
}

// Masks knows under which ids Pages have personas. *mask.Wardrobe does.
type Masks interface {
	Find(ctx context.Context, page string, p messenger.Persona, by mask.Maker) (id string, err error)
	Worn(ctx context.Context, page string) ([]mask.Worn, error)
	Forget(ctx context.Context, page, id string) error
}

// Host is a host whose bot is on the Page, as far as it can be asked. Where it has no store yet its errors are
// fs.ErrNotExist.
type Host interface {
	Pauses
	Resume(ctx context.Context, page string) error
	// Withdraw pauses the Page, so that no host that still runs brings the bot back.
	Withdraw(ctx context.Context, page string) error
	// GivenUp are the reasons of messages that were given up lately, one each.
	GivenUp(ctx context.Context, page string) ([]string, error)
}

// callback is where webhooks go.
func (s Site) callback() string { return strings.TrimRight(s.Public, "/") + webhookPath }

// round is one look at everything: what a check has learned, those after it may use.
type round struct {
	Site
	registry *messenger.Registry
	client   *messenger.Client
	users    []*messenger.Client // of user tokens, to be closed
	app      string              // its name
	token    messenger.Token     // of the Page token
	spent    bool                // the user token: a Page token was made of it
	page     messenger.About
	latest   messenger.Latest

	subscribed string // the callback that the platform has
	changes    []foyer.Change
	disguise   disguise
	secrets    map[string]string // made on the way, by name
}

// newRound begins a round.
func newRound(s Site) *round {
	if s.Clock == nil {
		s.Clock = clock.Real{}
	}
	if s.GraphVersion == "" {
		s.GraphVersion = messenger.DefaultVersion
	}
	if s.Web == nil {
		s.Web = &http.Client{Timeout: probeTimeout}
	}
	own := *s.Web
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // the platform follows none
	s.Web = &own
	return &round{Site: s, secrets: map[string]string{}}
}

// probeTimeout is how long our own callback may take to answer: as long as the platform waits.
const probeTimeout = 5 * time.Second

func (r *round) close() {
	if r.registry != nil {
		r.registry.Close()
	}
	if r.client != nil {
		r.client.Close()
	}
	for _, c := range r.users {
		c.Close()
	}
	r.Web.CloseIdleConnections()
}

func (r *round) config(token string) messenger.Config {
	return messenger.Config{GraphURL: r.GraphURL, Version: r.GraphVersion, Page: r.PageID, PageToken: token, AppSecret: r.AppSecret}
}

// graph is the way to ask for the app.
func (r *round) graph() (*messenger.Registry, error) {
	if r.registry != nil {
		return r.registry, nil
	}
	var err error
	r.registry, err = messenger.NewRegistry(r.AppID, r.config(""))
	return r.registry, err
}

// onPage is the way to ask for the Page.
func (r *round) onPage() (*messenger.Client, error) {
	if r.client != nil {
		return r.client, nil
	}
	if r.PageToken == "" {
		return nil, errors.New("there is no Page token yet")
	}
	var err error
	r.client, err = messenger.NewClient(r.config(r.PageToken))
	return r.client, err
}

// asUser is the way to ask for a user.
func (r *round) asUser(token string) (*messenger.Client, error) {
	c := r.config(token)
	c.Page = ""
	client, err := messenger.NewClient(c)
	if err == nil {
		r.users = append(r.users, client)
	}
	return client, err
}

// adopt takes a Page and its token for those of the site.
func (r *round) adopt(page, token string) {
	if r.client != nil {
		r.client.Close()
		r.client = nil
	}
	r.PageID, r.PageToken = page, token
}
