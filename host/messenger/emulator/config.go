package emulator

import (
	"log/slog"
	"net/http"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Config is the state in which an emulator starts, and how it behaves.
type Config struct {
	Clock  clock.Clock // nil: the machine's. A *clock.Virtual can be advanced through the control API
	Apps   []App       // none: one is made
	Pages  []Page      // none: one is made, of the first app
	People []Person    // none: one is made for each Page
	Users  []User      // who manage the Pages; the first connected them. None: one is made

	Callback    string // of the first app, where it names none
	VerifyToken string // of the first app, where it names none

	Logger *slog.Logger // nil: silent. Never receives a secret
	// Seed starts the random source: with the same seed and the same order of calls, a run
	// gives the same ids and the same misfortunes.
	Seed   uint64
	Client *http.Client // for webhooks; nil: one of the emulator's own
	// Media fetches what messages name by URL, and refuses what Meta could not use; nil: nothing is
	// fetched. It reaches every address that this machine can.
	Media    *http.Client
	Switches Switches
	Quotas   Quotas
	// Accepted is told of each message that an app may send to a person, in the order of acceptance,
	// before the call is answered. It must not wait, nor call the emulator; nil: nobody is told.
	Accepted func(person string, b Bubble)
}

// App is a Meta app, as package world says; so are the others.
type App = world.App

// Page is a Facebook Page.
type Page = world.Page

// Person is somebody who can write to one Page.
type Person = world.Person

// User is somebody with a Facebook account who runs Pages.
type User = world.User

// Switches choose among behaviours that Meta does not settle.
type Switches = world.Switches

// Quotas are the rates above which calls are refused.
type Quotas = world.Quotas

// Delivery says how an app's webhooks misbehave. The zero value is a calm day.
type Delivery = webhook.Delivery

// HostFields are the webhook fields that a Footlight bot subscribes to.
func HostFields() []string { return world.HostFields() }
