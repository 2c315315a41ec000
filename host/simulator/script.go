package simulator

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

//go:embed script
var scripts embed.FS

// A part is a message that the script must say to an input.
type part struct {
	wait time.Duration // pause before it
	stay bool          // it comes even if the person writes meanwhile
	show bool          // it is a picture
	text string        // of a picture: its address
}

// forms are the words that begin what people say, with the pauses before the parts
// of the answer. This is what the script means, told a second time.
var forms = map[string][]part{
	"one":   {{}},
	"two":   {{}, {}},
	"slow":  {{}, {wait: 4 * time.Second}},
	"chain": {{}, {wait: 2 * time.Second}, {wait: 9 * time.Second}},
	"kept":  {{}, {wait: 6 * time.Second, stay: true}},
	"late":  {{wait: 25 * time.Second}},
	"quiet": {},
	picture: {{}, {show: true}, {}},
	remind:  {{}},
	pass:    {{}},
}

// Words that begin what people say, of which the auditor must know more.
const (
	remind = "remind" // a reminder comes remindAfter later, whatever the person says meanwhile
	poison = "poison" // its turn fails, always
	deadly = "deadly" // whoever takes its turn dies

	picture = "picture" // it is uploaded before it is shown, once for all people of a Page
	pass    = "pass"    // the script gives the thread to the Page's inbox
)

// remindAfter is how long after its turn a reminder comes.
const remindAfter = 20 * time.Second

// reminderOf is what it says, whatever edition is played by then.
func reminderOf(k, edition int) string { return fmt.Sprintf("reminder of k%d by e%d", k, edition) }

// pictureOf is the address of a picture.
func pictureOf(k int) string { return fmt.Sprintf("https://pictures.invalid/k%d.png", k) }

// formNames are the forms in the order in which a seed draws from them; routed are those of people whose
// thread changes hands.
var (
	formNames = []string{"one", "two", "slow", "chain", "kept", "late", "quiet", picture, remind}
	routed    = append(formNames[:len(formNames):len(formNames)], pass)
)

// expected is what an edition of the script must say to the input k as its turn n, when last was the input before.
func expected(form string, n, k, last, edition int) []part {
	before := "undefined"
	switch {
	case form == "late":
		before = strconv.Itoa(k) // it has set what it reads
	case last > 0:
		before = strconv.Itoa(last)
	}
	out := make([]part, len(forms[form]))
	for i, p := range forms[form] {
		if p.text = fmt.Sprintf("n%d k%d after %s part %d of e%d", n, k, before, i+1, edition); p.show {
			p.text = pictureOf(k)
		}
		out[i] = p
	}
	return out
}

// role is the script as one host has it: there are messages that it does not survive.
type role struct {
	w    *world
	host *host
}

var (
	_ delivery.Bots = role{}
	_ delivery.Bot  = role{}
)

// Bot implements delivery.Bots: all Pages have the same.
func (r role) Bot(string) (delivery.Bot, bool) { return r, r.host.bill.pick(turn.Person{}) > 0 }

// StartPayload implements delivery.Bot.
func (role) StartPayload() string { return "" }

// Persona implements delivery.Bot.
func (role) Persona(string) (messenger.Persona, bool) { return messenger.Persona{}, false }

// HideErrors implements delivery.Bot.
func (role) HideErrors() bool { return false }

// Turn implements delivery.Bot.
func (r role) Turn(_ context.Context, in turn.Input) (out turn.Result, err error) {
	switch form, _, _ := strings.Cut(in.Event.Text, " "); form {
	case poison:
		r.w.ledger.vain(store.Key{Page: in.Person.PageID, Person: in.Person.ID}, in.Event.Text)
		return out, errPoison
	case deadly:
		r.w.ledger.vain(store.Key{Page: in.Person.PageID, Person: in.Person.ID}, in.Event.Text)
		_ = r.w.park(r.w.ctx, &call{kind: ofStage, host: r.host, label: r.host.name + " dies of " + in.Event.Text, do: func() error {
			r.w.report.Faults["deadly message"]++
			r.w.crash(r.host)
			return nil
		}})
		<-r.host.gone
		return out, errPoison
	}
	edition := r.host.bill.pick(in.Person)
	if edition == 0 {
		return out, delivery.ErrNotReady
	}
	return r.w.theatre.company.play(edition, in)
}

var errPoison = errors.New("this message is poison")
