package emulator

import (
	"fmt"
)

// UpdatePerson gives the person with p's id the rest of p. Their Page stays.
func (e *Emulator) UpdatePerson(p Person) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	who := e.state.Person(p.ID)
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
// is published and may send, of what kind it is, and its default app. Its token, app and
// subscriptions stay.
func (e *Emulator) UpdatePage(p Page) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	at := e.state.Page(p.ID)
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
	at.News, at.Game = p.News, p.Game
	e.touch()
	return nil
}
