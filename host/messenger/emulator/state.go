package emulator

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/profile"
	"github.com/footlight-bots/footlight/host/messenger/emulator/quota"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Lengths of generated ids, in digits, and of generated secrets and mids, in bytes.
const (
	pageDigits   = 15
	appDigits    = 15
	psidDigits   = 16
	secretBytes  = 16
	tokenBytes   = 96
	midBytes     = 72
	traceBytes   = 8
	minIDDigits  = 15 // of a page-scoped id
	maxIDDigits  = 17
	attachDigits = 16
	threadDigits = 17
)

type app struct{ App }

type page struct {
	Page
	subscribed  map[string][]string // fields by app id
	profile     profile.Profile     // Messenger Profile, by property
	attachments map[string]*attachment
	optIns      map[string]*optIn // by token or user_ref
	orders      map[string]bool   // receipt numbers used
	calls       quota.Calls
	engaged     quota.Engaged
	personas    []*persona
	labels      []label
	linkings    map[string]linking  // by account_linking_token
	comments    map[string]*comment // by comment_id or post_id
	warned      time.Time           // when many messages were last warned of
	people      []*person
}

type person struct {
	Person
	thread       *thread.Thread
	conversation string          // id of the thread in the Conversations API
	menu         profile.Profile // with a persistent_menu of the person's own; nil: the Page's counts
	linked       bool            // to an account elsewhere
	opened       string          // the page that the person opened last
	ids          *rand.Rand      // of mids: one person's do not depend on what others do
}

// attachment is an uploaded or reusable medium of one Page.
type attachment struct {
	kind string
	url  string
	made time.Time
}

// optIn is a consent that a send can name instead of a person.
type optIn struct {
	kind    string // user_ref, notification_messages, one_time
	person  string
	expires time.Time
	stopped bool // or used, of a one-time token
}

func (e *Emulator) populate(c Config) error {
	if len(c.Apps) == 0 {
		c.Apps = []App{{}}
	}
	if c.Apps[0].Callback == "" {
		c.Apps[0].Callback = c.Callback
	}
	if c.Apps[0].VerifyToken == "" {
		c.Apps[0].VerifyToken = c.VerifyToken
	}
	for _, a := range c.Apps {
		if err := e.addApp(a); err != nil {
			return err
		}
	}
	if len(c.Pages) == 0 {
		c.Pages = []Page{{}}
	}
	for _, p := range c.Pages {
		if err := e.addPage(p); err != nil {
			return err
		}
	}
	if len(c.People) == 0 {
		for _, p := range e.pages {
			c.People = append(c.People, Person{Page: p.ID})
		}
	}
	for _, p := range c.People {
		if _, err := e.addPerson(p); err != nil {
			return err
		}
	}
	if len(c.Users) == 0 {
		c.Users = []User{{}}
	}
	for _, u := range c.Users {
		if err := e.addUser(u); err != nil {
			return err
		}
	}
	for _, t := range e.tokens {
		if t.kind == tokenPage {
			t.user = e.users[0] // who connected the Page
		}
	}
	return nil
}

func (e *Emulator) addApp(a App) error {
	if a.ID == "" {
		a.ID = e.number(appDigits)
	}
	if !digits(a.ID) || e.app(a.ID) != nil {
		return fmt.Errorf("app id %q: want digits, used once", a.ID)
	}
	if a.Secret == "" {
		a.Secret = hex.EncodeToString(e.bytes(secretBytes))
	}
	if a.Name == "" {
		a.Name = "Footlight"
	}
	if a.Callback != "" && !value.URL(a.Callback) {
		return fmt.Errorf("app %s: callback %q: want an absolute http or https URL", a.ID, a.Callback)
	}
	if a.Fields == nil {
		a.Fields = HostFields()
	}
	if err := webhook.CheckFields(a.Fields); err != nil {
		return fmt.Errorf("app %s: %w", a.ID, err)
	}
	if err := a.Delivery.Check(); err != nil {
		return fmt.Errorf("app %s: %w", a.ID, err)
	}
	a.Fields = slices.Clone(a.Fields)
	added := &app{a}
	e.apps = append(e.apps, added)
	e.tokens[a.ID+"|"+a.Secret] = &token{kind: tokenApp, app: added, issued: e.clock.Now()}
	return nil
}

func (e *Emulator) addPage(p Page) error {
	if p.ID == "" {
		p.ID = e.number(pageDigits)
	}
	if !digits(p.ID) || e.page(p.ID) != nil || e.app(p.ID) != nil {
		return fmt.Errorf("page id %q: want digits, used once", p.ID)
	}
	if p.App == "" {
		p.App = e.apps[0].ID
	}
	a := e.app(p.App)
	if a == nil {
		return fmt.Errorf("page %s: app %q: not among the apps", p.ID, p.App)
	}
	if p.Name == "" {
		p.Name = "Page " + p.ID
	}
	if p.Token != "" && e.tokens[p.Token] != nil {
		return fmt.Errorf("page %s: its token is another's too", p.ID)
	}
	if p.Fields == nil {
		p.Fields = HostFields()
	}
	if err := webhook.CheckFields(p.Fields); err != nil {
		return fmt.Errorf("page %s: %w", p.ID, err)
	}
	if err := p.Check(); err != nil {
		return err
	}
	added := &page{
		Page: p, subscribed: map[string][]string{}, profile: profile.Profile{},
		attachments: map[string]*attachment{}, optIns: map[string]*optIn{}, orders: map[string]bool{},
		linkings: map[string]linking{}, comments: map[string]*comment{},
	}
	if len(p.Fields) > 0 {
		added.subscribed[a.ID] = p.Fields
	}
	e.pages = append(e.pages, added)
	if p.Token == "" {
		added.Token = e.issue(&token{kind: tokenPage, app: a, page: added})
		return nil
	}
	e.tokens[p.Token] = &token{kind: tokenPage, app: a, page: added, issued: e.clock.Now()}
	return nil
}

// addUser adds a user, whose short-lived token is made here.
func (e *Emulator) addUser(u User) error {
	if u.ID == "" {
		u.ID = e.number(psidDigits)
	}
	if known, _ := e.user(u.ID); !digits(u.ID) || known != nil {
		return fmt.Errorf("user id %q: want digits, used once", u.ID)
	}
	if u.Name == "" {
		u.Name = "Kim Doe"
	}
	if u.App == "" {
		u.App = e.apps[0].ID
	}
	a := e.app(u.App)
	if a == nil {
		return fmt.Errorf("user %s: app %q: not among the apps", u.ID, u.App)
	}
	if u.Scopes == nil {
		u.Scopes = world.BotScopes()
	}
	for id := range u.Tasks {
		if e.page(id) == nil {
			return fmt.Errorf("user %s: tasks on page %q: not among the Pages", u.ID, id)
		}
	}
	added := &user{User: u, pages: map[pageToken]string{}}
	e.users = append(e.users, added)
	t := &token{kind: tokenUser, app: a, user: added, issued: e.clock.Now(), expires: e.clock.Now().Add(shortLife)}
	if u.Token == "" {
		added.Token = e.issue(t)
	} else if e.tokens[u.Token] != nil {
		return fmt.Errorf("user %s: its token is another's too", u.ID)
	} else {
		e.tokens[u.Token] = t
	}
	return nil
}

// user finds a user; an empty id means the first.
func (e *Emulator) user(id string) (*user, error) {
	for _, u := range e.users {
		if id == "" || u.ID == id {
			return u, nil
		}
	}
	return nil, fmt.Errorf("user %q: not known to the emulator", id)
}

func (e *Emulator) addPerson(p Person) (*person, error) {
	if p.ID == "" {
		p.ID = e.number(psidDigits)
	}
	if !digits(p.ID) || len(p.ID) < minIDDigits || len(p.ID) > maxIDDigits || e.person(p.ID) != nil {
		return nil, fmt.Errorf("person id %q: want %d to %d digits, used once", p.ID, minIDDigits, maxIDDigits)
	}
	if p.Page == "" {
		p.Page = e.pages[0].ID
	}
	at := e.page(p.Page)
	if at == nil {
		return nil, fmt.Errorf("person %s: page %q: not among the Pages", p.ID, p.Page)
	}
	if p.FirstName == "" && p.LastName == "" {
		p.FirstName, p.LastName = "Alex", "Doe"
	}
	if p.Locale == "" {
		p.Locale = "en_US"
	}
	if err := p.Check(); err != nil {
		return nil, err
	}
	added := &person{Person: p, thread: &thread.Thread{Fresh: true}, ids: rand.New(rand.NewPCG(e.seed, streamOf(p.ID)))}
	added.conversation = "t_" + drawDigits(added.ids, threadDigits)
	e.threads[added.conversation] = added
	e.people = append(e.people, added)
	e.persons[p.ID] = added
	at.people = append(at.people, added)
	return added, nil
}

// UpdatePerson gives the person with p's id the rest of p. Their Page stays.
func (e *Emulator) UpdatePerson(p Person) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	who := e.person(p.ID)
	if who == nil {
		return fmt.Errorf("person %q: not known to the emulator", p.ID)
	}
	if err := p.Check(); err != nil {
		return err
	}
	p.Page = who.Page
	who.Person = p
	e.touch()
	return nil
}

// UpdatePage gives the Page with p's id its name, unless that is empty, whether it
// is published and may send, and its default app. Its token, app and subscriptions stay.
func (e *Emulator) UpdatePage(p Page) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	at := e.page(p.ID)
	if at == nil {
		return fmt.Errorf("page %q: not known to the emulator", p.ID)
	}
	if err := p.Check(); err != nil {
		return err
	}
	if p.Name != "" {
		at.Name = p.Name
	}
	at.Unpublished, at.Restricted = p.Unpublished, p.Restricted
	at.Default, at.NoDefault = p.Default, p.NoDefault
	e.touch()
	return nil
}

func (e *Emulator) app(id string) *app {
	for _, a := range e.apps {
		if a.ID == id {
			return a
		}
	}
	return nil
}

func (e *Emulator) page(id string) *page {
	for _, p := range e.pages {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (e *Emulator) person(id string) *person {
	return e.persons[id]
}

// pair finds a person and the Page they write to. Empty ids mean the first ones.
func (e *Emulator) pair(pageID, personID string) (*page, *person, error) {
	if personID == "" {
		for _, who := range e.people {
			if pageID == "" || who.Page == pageID {
				personID = who.ID
				break
			}
		}
	}
	who := e.person(personID)
	if who == nil {
		return nil, nil, fmt.Errorf("person %q: not known to the emulator", personID)
	}
	if pageID != "" && who.Page != pageID {
		return nil, nil, fmt.Errorf("person %s: writes to page %s, not to %q", who.ID, who.Page, pageID)
	}
	return e.page(who.Page), who, nil
}

// number draws an id of n digits, the first of which is not 0.
func (e *Emulator) number(n int) string { return drawDigits(e.rand, n) }

func drawDigits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	b[0] = '1' + byte(r.IntN(9))
	for i := 1; i < n; i++ {
		b[i] = '0' + byte(r.IntN(10))
	}
	return string(b)
}

func draw(r *rand.Rand, n int) []byte {
	b := make([]byte, 0, n+7)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, r.Uint64())
	}
	return b[:n]
}

func (e *Emulator) bytes(n int) []byte { return draw(e.rand, n) }

func (e *Emulator) text(n int) string { return base64.RawURLEncoding.EncodeToString(e.bytes(n)) }

// mid draws the id of a person's next message.
func (who *person) mid() string {
	return "m_" + base64.RawURLEncoding.EncodeToString(draw(who.ids, midBytes))
}

// streamOf is the second word of the random source that belongs to an id.
func streamOf(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	return h.Sum64()
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
