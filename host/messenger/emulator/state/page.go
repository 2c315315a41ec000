package state

import (
	"reflect"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/profile"
	"github.com/footlight-bots/footlight/host/messenger/emulator/quota"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Page is a Facebook Page and what it has.
type Page struct {
	world.Page
	Subscribed  map[string][]string // fields by app id
	Profile     profile.Profile     // Messenger Profile, by property
	Attachments map[string]*Attachment
	OptIns      map[string]*OptIn // by token or user_ref
	Orders      map[string]bool   // receipt numbers used
	Calls       quota.Calls
	Engaged     quota.Engaged
	Personas    []*Persona
	Labels      []Label
	Comments    map[string]*Comment // by comment_id or post_id
	Warned      time.Time           // when many messages were last warned of
	People      []*Person

	menuBefore profile.Profile // what people see of the menu until menuFrom
	menuFrom   time.Time

	linkings map[string]linking // by account_linking_token
}

// Attachment is an uploaded or reusable medium of one Page.
type Attachment struct {
	Kind string
	URL  string
	Made time.Time
}

// attachmentLife is how long a stored medium can be sent by its id.
const attachmentLife = 90 * 24 * time.Hour

// Stored is the kind of the medium that is stored under an id, and whether it can
// still be sent.
func (p *Page) Stored(id string, now time.Time) (kind string, ok bool) {
	known := p.Attachments[id]
	if known == nil || now.Sub(known.Made) > attachmentLife {
		return "", false
	}
	return known.Kind, true
}

// Address is where the medium that is stored under an id lies; empty: it has no address, or there is none.
func (p *Page) Address(id string) string {
	if known := p.Attachments[id]; known != nil {
		return known.URL
	}
	return ""
}

// Persona is a name and face under which a Page can speak.
type Persona struct {
	ID string
	thread.Persona
}

// Persona finds a Page's persona; nil: it has none of that id.
func (p *Page) Persona(id string) *Persona {
	i := slices.IndexFunc(p.Personas, func(one *Persona) bool { return one.ID == id })
	if i < 0 {
		return nil
	}
	return p.Personas[i]
}

// Label is a custom label of a Page.
type Label struct{ ID, Name string }

// Label finds a Page's custom label; nil: it has none of that id.
func (p *Page) Label(id string) *Label {
	i := slices.IndexFunc(p.Labels, func(one Label) bool { return one.ID == id })
	if i < 0 {
		return nil
	}
	return &p.Labels[i]
}

// Delete takes the persona or the custom label of that id from the Page, and reports whether there was one.
func (p *Page) Delete(id string) bool {
	before := len(p.Personas) + len(p.Labels)
	p.Personas = slices.DeleteFunc(p.Personas, func(one *Persona) bool { return one.ID == id })
	p.Labels = slices.DeleteFunc(p.Labels, func(one Label) bool { return one.ID == id })
	return len(p.Personas)+len(p.Labels) < before
}

// Comment is a comment or visitor post, which may get one private reply.
type Comment struct {
	Person  string
	At      time.Time
	Replied bool
}

// replyLife is how long after a comment or post one private reply may follow.
const replyLife = 7 * 24 * time.Hour

// Late reports whether the time for a private reply is over.
func (c *Comment) Late(now time.Time) bool { return now.Sub(c.At) > replyLife }

// DefaultApp answers the Page's idle threads; empty: there is none.
func (p *Page) DefaultApp() string {
	switch {
	case p.NoDefault:
		return ""
	case p.Default != "":
		return p.Default
	}
	return p.App
}

// Has reports whether the app speaks for the Page, or hears of it.
func (p *Page) Has(a *App) bool {
	_, hears := p.Subscribed[a.ID]
	return hears || p.App == a.ID
}

// Ignores reports whether what the person does is not for the app, which hears of people with a role
// on it alone while it is in development or has standard access only. Nil is nobody in particular.
func (a *App) Ignores(who *Person) bool {
	return (a.Development || a.Standard) && who != nil && who.Role == ""
}

// Hears reports whether the app subscribed to the field on both levels. An empty
// field, of an event of unknown shape, goes to every app on the Page.
func (a *App) Hears(p *Page, field string) bool {
	onPage, ok := p.Subscribed[a.ID]
	if !ok || field == "" {
		return ok
	}
	return slices.Contains(onPage, field) && slices.Contains(a.Fields, field)
}

// SetProfile changes the Messenger Profile. People see a change of the menu after a delay.
func (p *Page) SetProfile(after profile.Profile, delay time.Duration, now time.Time) {
	if delay > 0 && !reflect.DeepEqual(p.Profile["persistent_menu"], after["persistent_menu"]) {
		if !now.Before(p.menuFrom) {
			p.menuBefore = p.Profile
		}
		p.menuFrom = now.Add(delay)
	}
	p.Profile = after
}

// MenuOf is the persistent menu that a person sees.
func (p *Page) MenuOf(who *Person, now time.Time) []content.Button {
	if who.Menu != nil {
		return who.Menu.Menu(who.Locale)
	}
	if now.Before(p.menuFrom) {
		return p.menuBefore.Menu(who.Locale)
	}
	return p.Profile.Menu(who.Locale)
}

// Offered are the buttons that a person can tap, beside quick replies: those of messages from the
// newest back, ice breakers while there is no thread, and the menu.
func (p *Page) Offered(who *Person, now time.Time) []content.Button {
	var out []content.Button
	for _, b := range slices.Backward(who.Thread.Shown()) {
		out = append(out, b.Buttons...)
	}
	if who.Thread.Fresh {
		out = append(out, p.Profile.Starters(who.Locale)...)
	}
	return append(out, p.MenuOf(who, now)...)
}

// metaCallsPerUser is Meta's number of calls per engaged user and day. The usage
// headers are reckoned with it even where the quota itself is off.
const metaCallsPerUser = 200

// UsedShare is the part of its daily calls that a Page has used, 1 being all. perUser
// is the calls for each engaged person; below 1: Meta's number.
func (p *Page) UsedShare(perUser int, now time.Time) float64 {
	if perUser < 1 {
		perUser = metaCallsPerUser
	}
	return float64(p.Calls.Used(now)) / float64(perUser*max(1, p.Engaged.Count(now)))
}
