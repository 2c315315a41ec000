package state

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/profile"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Start is what a platform starts with. What it leaves out is filled in: one app, one
// Page, one person for each Page, and one user who connected the Pages.
type Start struct {
	Apps   []world.App
	Pages  []world.Page
	People []world.Person
	Users  []world.User

	Callback    string // of the first app, where it names none
	VerifyToken string // of the first app, where it names none
}

// Populate adds what a platform starts with. The error says what cannot be; the state
// is of no use then.
func (s *State) Populate(with Start, now time.Time) error {
	if len(with.Apps) == 0 {
		with.Apps = []world.App{{}}
	}
	if with.Apps[0].Callback == "" {
		with.Apps[0].Callback = with.Callback
	}
	if with.Apps[0].VerifyToken == "" {
		with.Apps[0].VerifyToken = with.VerifyToken
	}
	for _, a := range with.Apps {
		if err := s.addApp(a, now); err != nil {
			return err
		}
	}
	if len(with.Pages) == 0 {
		with.Pages = []world.Page{{}}
	}
	for _, p := range with.Pages {
		if err := s.addPage(p, now); err != nil {
			return err
		}
	}
	if len(with.People) == 0 {
		for _, p := range s.Pages {
			with.People = append(with.People, world.Person{Page: p.ID})
		}
	}
	for _, p := range with.People {
		if _, err := s.AddPerson(p); err != nil {
			return err
		}
	}
	if len(with.Users) == 0 {
		with.Users = []world.User{{}}
	}
	for _, u := range with.Users {
		if err := s.addUser(u, now); err != nil {
			return err
		}
	}
	for _, t := range s.Tokens {
		if t.Kind == PageToken {
			t.User = s.Users[0] // who connected the Page
		}
	}
	return nil
}

func (s *State) addApp(a world.App, now time.Time) error {
	if a.ID == "" {
		a.ID = s.Number(appDigits)
	}
	if !value.Digits(a.ID) || s.App(a.ID) != nil {
		return fmt.Errorf("app id %q: want digits, used once", a.ID)
	}
	if a.Secret == "" {
		a.Secret = hex.EncodeToString(draw(s.Random, secretBytes))
	}
	if a.Name == "" {
		a.Name = "Footlight"
	}
	if a.Callback != "" && !value.URL(a.Callback) {
		return fmt.Errorf("app %s: callback %q: want an absolute http or https URL", a.ID, a.Callback)
	}
	if a.Fields == nil {
		a.Fields = world.HostFields()
	}
	if err := webhook.CheckFields(a.Fields); err != nil {
		return fmt.Errorf("app %s: %w", a.ID, err)
	}
	if err := a.Delivery.Check(); err != nil {
		return fmt.Errorf("app %s: %w", a.ID, err)
	}
	a.Fields = slices.Clone(a.Fields)
	added := &App{App: a, Versions: map[string]string{}}
	s.Apps = append(s.Apps, added)
	s.Tokens[a.ID+"|"+a.Secret] = &Token{Kind: AppToken, App: added, Issued: now}
	return nil
}

func (s *State) addPage(p world.Page, now time.Time) error {
	if p.ID == "" {
		p.ID = s.Number(pageDigits)
	}
	if !value.Digits(p.ID) || s.Page(p.ID) != nil || s.App(p.ID) != nil {
		return fmt.Errorf("page id %q: want digits, used once", p.ID)
	}
	if p.App == "" {
		p.App = s.Apps[0].ID
	}
	a := s.App(p.App)
	if a == nil {
		return fmt.Errorf("page %s: app %q: not among the apps", p.ID, p.App)
	}
	if p.Name == "" {
		p.Name = "Page " + p.ID
	}
	if p.Token != "" && s.Tokens[p.Token] != nil {
		return fmt.Errorf("page %s: its token is another's too", p.ID)
	}
	if p.Fields == nil {
		p.Fields = world.HostFields()
	}
	if err := webhook.CheckFields(p.Fields); err != nil {
		return fmt.Errorf("page %s: %w", p.ID, err)
	}
	if err := p.Check(); err != nil {
		return err
	}
	added := &Page{
		Page: p, Subscribed: map[string][]string{}, Profile: profile.Profile{},
		Attachments: map[string]*Attachment{}, OptIns: map[string]*OptIn{}, Orders: map[string]bool{},
		linkings: map[string]linking{}, Comments: map[string]*Comment{},
	}
	if len(p.Fields) > 0 {
		added.Subscribed[a.ID] = p.Fields
	}
	s.Pages = append(s.Pages, added)
	if p.Token == "" {
		added.Token = s.Issue(&Token{Kind: PageToken, App: a, Page: added}, now)
		return nil
	}
	s.Tokens[p.Token] = &Token{Kind: PageToken, App: a, Page: added, Issued: now}
	return nil
}

// addUser adds a user, whose first token is made here.
func (s *State) addUser(u world.User, now time.Time) error {
	if u.ID == "" {
		u.ID = s.Number(personDigits)
	}
	if known, _ := s.User(u.ID); !value.Digits(u.ID) || known != nil {
		return fmt.Errorf("user id %q: want digits, used once", u.ID)
	}
	if u.Name == "" {
		u.Name = "Kim Doe"
	}
	if u.App == "" {
		u.App = s.Apps[0].ID
	}
	a := s.App(u.App)
	if a == nil {
		return fmt.Errorf("user %s: app %q: not among the apps", u.ID, u.App)
	}
	if u.Scopes == nil {
		u.Scopes = world.BotScopes()
	}
	for id := range u.Tasks {
		if s.Page(id) == nil {
			return fmt.Errorf("user %s: tasks on page %q: not among the Pages", u.ID, id)
		}
	}
	added := &User{User: u, made: map[making]string{}}
	s.Users = append(s.Users, added)
	t := added.SignIn(a, now)
	if u.Token == "" {
		added.Token = s.Issue(t, now)
	} else if s.Tokens[u.Token] != nil {
		return fmt.Errorf("user %s: its token is another's too", u.ID)
	} else {
		s.Tokens[u.Token] = t
	}
	return nil
}

// AddPerson adds a person, with what p leaves open filled in. The error says what
// cannot be; nothing has changed then but the random source.
func (s *State) AddPerson(p world.Person) (*Person, error) {
	if p.ID == "" {
		p.ID = s.Number(personDigits)
	}
	if !value.Digits(p.ID) || len(p.ID) < minIDDigits || len(p.ID) > maxIDDigits || s.Person(p.ID) != nil {
		return nil, fmt.Errorf("person id %q: want %d to %d digits, used once", p.ID, minIDDigits, maxIDDigits)
	}
	if p.Account != "" && !value.Digits(p.Account) {
		return nil, fmt.Errorf("person %s: account %q: want digits, as the id of a user", p.ID, p.Account)
	}
	if p.Page == "" {
		p.Page = s.Pages[0].ID
	}
	at := s.Page(p.Page)
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
	added := &Person{Person: p, Thread: &thread.Thread{Fresh: true}, ids: rand.New(rand.NewPCG(s.seed, Stream(p.ID)))}
	added.Conversation = "t_" + drawDigits(added.ids, threadDigits)
	s.threads[added.Conversation] = added
	s.People = append(s.People, added)
	s.persons[p.ID] = added
	at.People = append(at.People, added)
	return added, nil
}
