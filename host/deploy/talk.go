package deploy

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

// lookTalk asks whether the bot may speak to whoever wrote last, by a call that shows
// nothing: the end of a typing bubble.
func lookTalk(ctx context.Context, r *round) Finding {
	client, err := r.onPage()
	if err == nil {
		r.latest, err = client.Latest(ctx, r.page.ID)
	}
	if err != nil {
		return refused(err)
	}
	link := Link(r.page.ID, "")
	if r.latest.PSID == "" {
		return warning("nobody has written to the Page yet", "The bot cannot speak first.", "Open "+link+" and write something.")
	}
	age, ago := time.Duration(0), ""
	if at := r.latest.Updated; !at.IsZero() { // the platform need not tell
		age = r.Clock.Now().Sub(at)
		ago = " (" + age.Round(time.Minute).String() + " ago)"
	}
	owner, err := client.ThreadOwner(ctx, r.latest.PSID)
	if err == nil && owner != "" && owner != r.AppID {
		return warning("a human or another app has the newest conversation (app "+owner+")", "The bot stands back as long as somebody else has the conversation.", "Mark it as done in the Page's inbox. If it is so with every conversation, make this app the default one under Conversation Routing in the Page's settings.")
	}
	if age >= messenger.Window {
		return fine("the newest conversation rests since %s; the bot answers when somebody writes", r.latest.Updated.Format("2 January 2006"))
	}
	if err := client.SenderAction(ctx, r.latest.PSID, messenger.TypingOff); err != nil {
		return r.silenced(err)
	}
	f := fine("Messenger takes messages to whoever wrote last%s", ago)
	if r.TestMessage != "" && r.Said.IsZero() {
		f.State = Warning
		f.Means, f.Cure = "No message was sent to see it arrive.", "Send one."
		f.Plan = []string{"send to " + r.latest.Name + ": " + strconv.Quote(r.TestMessage)}
	}
	return f
}

// silenced says why the bot may not speak to the person who wrote last. What is about
// that person alone, or passes by itself, is no reason to stop.
func (r *round) silenced(err error) Finding {
	f := refused(err)
	switch messenger.Judge(err).Class {
	case messenger.ClassPerson:
		if f.Code != developmentMode && r.page.Published {
			f.State = Warning
		}
	case messenger.ClassRate, messenger.ClassWindow, messenger.ClassTransient:
		f.State = Warning
	}
	if f.Code == developmentMode {
		f.Found = "Meta lets the bot speak to people with a role on the app only: " + f.Found
	}
	return f
}

// developmentMode is the refusal of an app that is not open to everybody.
const developmentMode = "2018028"

func mendTalk(ctx context.Context, r *round, _ Guide) error {
	if _, err := r.client.Send(ctx, r.latest.PSID, messenger.Outgoing{Text: r.TestMessage}); err != nil {
		return &advised{r.silenced(err)}
	}
	r.Said = r.Clock.Now()
	return nil
}

// maxRef is the longest ref of a link, in bytes of its encoded form.
const maxRef = 2083

// CheckRef says what Messenger would not take as the ref of a link; nil: nothing.
func CheckRef(ref string) error {
	if n := len(url.QueryEscape(ref)); n > maxRef {
		return fmt.Errorf("ref: %d bytes in an address, at most %d are taken", n, maxRef)
	}
	for _, c := range ref {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=", c) {
			return fmt.Errorf("ref: %q is not taken: write letters from a to z, digits, - _ =", c)
		}
	}
	return nil
}

// Link is the address at which people begin to talk with a Page; with ref the bot
// learns where they came from (messenger.md section 6).
func Link(page, ref string) string {
	if ref == "" {
		return "https://m.me/" + page
	}
	return fmt.Sprintf("https://m.me/%s?ref=%s", page, ref)
}
