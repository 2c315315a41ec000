package state

import (
	"maps"
	"net/url"
	"slices"
	"time"
)

// linkingLife is how long an account_linking_token can be used.
const linkingLife = 5 * time.Minute

// maxLinkings is how many tries to link an account a Page remembers: the oldest make room.
const maxLinkings = 1000

// linkingReturn is where a host sends the person back with their authorization code.
const linkingReturn = "https://facebook.com/messenger_platform/account_linking/"

// linking is one try to link an account.
type linking struct {
	person string
	ends   time.Time
}

// OpenLogin begins a try to link an account: the person sees the page of the bot at
// address, which gets the token.
func (p *Page) OpenLogin(who *Person, address, token string, now time.Time) {
	p.forgetLinkings(now)
	p.linkings[token] = linking{who.ID, now.Add(linkingLife)}
	if len(p.linkings) > maxLinkings {
		tokens := slices.Collect(maps.Keys(p.linkings))
		delete(p.linkings, slices.MinFunc(tokens, func(a, b string) int { return p.linkings[a].ends.Compare(p.linkings[b].ends) }))
	}
	u, err := url.Parse(address)
	if err != nil {
		return // unreachable: the button was checked when it was sent
	}
	back := linkingReturn + "?account_linking_token=" + url.QueryEscape(token)
	q := u.Query()
	q.Set("redirect_uri", back)
	q.Set("account_linking_token", token)
	u.RawQuery = q.Encode()
	who.Opened = u.String()
}

// Linking is the id of the person who tries to link an account with that token, and
// whether there is one. It forgets the tries whose time is over.
func (p *Page) Linking(token string, now time.Time) (person string, ok bool) {
	p.forgetLinkings(now)
	one, ok := p.linkings[token]
	return one.person, ok
}

func (p *Page) forgetLinkings(now time.Time) {
	maps.DeleteFunc(p.linkings, func(_ string, one linking) bool { return now.After(one.ends) })
}
