package turn

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// Numbers of entries of a feed (the catalogue of section 21.2 of the language).
const (
	feedEntries    = 3  // without a number
	maxFeedEntries = 10 // what a generic template can hold
)

// feed is the part of RSS 2.0 and Atom that cards are made of.
type feed struct {
	RSS  []feedEntry `xml:"channel>item"`
	Atom []feedEntry `xml:"entry"`
}

type feedEntry struct {
	Title       string     `xml:"title"`
	Description string     `xml:"description"`
	Summary     string     `xml:"summary"`
	Published   string     `xml:"pubDate"`
	Updated     string     `xml:"updated"`
	Links       []feedLink `xml:"link"`
}

type feedLink struct {
	Href string `xml:"href,attr"` // of Atom
	Text string `xml:",chardata"` // of RSS
}

// feeds asks for the feeds of ^getRSSFeed with the guarded client of $ lines, and
// puts their entries beside the shortcode; an error text takes the place of one
// that brings nothing. It counts as a request of the turn.
func (s *stage) feeds(tokens []reply.Token) []reply.Token {
	for i, t := range tokens {
		if t.Kind != reply.Shortcode || t.Text != "getRSSFeed" {
			continue
		}
		data, problem := s.feed(t.Args)
		if problem != "" {
			tokens[i] = reply.Token{Kind: reply.Error, Text: problem}
			continue
		}
		tokens[i].Data = data
	}
	return tokens
}

func (s *stage) feed(args []reply.Arg) (elements, problem string) {
	n, newest := feedEntries, true
	if len(args) > 1 {
		var err error
		if n, err = strconv.Atoi(args[1].Text); err != nil || n < 1 || n > maxFeedEntries {
			return "", "[SHORTCODE_ERROR: getRSSFeed: the number of entries lies between 1 and " + strconv.Itoa(maxFeedEntries) + "]"
		}
	}
	if len(args) > 2 {
		if args[2].Text != "asc" && args[2].Text != "desc" {
			return "", "[SHORTCODE_ERROR: getRSSFeed: the order is asc or desc]"
		}
		newest = args[2].Text == "desc"
	}
	// The answer belongs to no name that a script can read: no $ line has a blank in it.
	const name = "the feed"
	if problem = s.Fetch([]world.Request{{Method: "GET", Name: name, URL: args[0].Text}}); problem != "" {
		return "", problem
	}
	entries := readFeed(s.outside.answers[name].text)
	if len(entries) == 0 {
		return "", "[SHORTCODE_ERROR: getRSSFeed: there is no feed with entries at this address]"
	}
	return cardsOf(entries, n, newest), ""
}

// readFeed takes the entries of a feed that have a title, in the order of the feed.
func readFeed(text string) []feedEntry {
	var f feed
	if xml.Unmarshal([]byte(text), &f) != nil {
		return nil
	}
	return slices.DeleteFunc(append(f.RSS, f.Atom...), func(e feedEntry) bool { return strings.TrimSpace(e.Title) == "" })
}

// cardsOf makes elements of a generic template of the n newest or oldest entries.
func cardsOf(entries []feedEntry, n int, newest bool) string {
	slices.SortStableFunc(entries, func(a, b feedEntry) int {
		if newest {
			return b.at().Compare(a.at())
		}
		return a.at().Compare(b.at())
	})
	type button struct {
		Type  string `json:"type"`
		Title string `json:"title"`
		URL   string `json:"url"`
	}
	type element struct {
		Title    string   `json:"title"`
		Subtitle string   `json:"subtitle,omitempty"`
		Buttons  []button `json:"buttons,omitempty"`
	}
	var elements []element
	for _, e := range entries[:min(n, len(entries))] {
		card := element{Title: cut(e.Title), Subtitle: cut(e.Description + e.Summary)}
		if address := e.address(); address != "" {
			card.Buttons = []button{{"web_url", "Read", address}}
		}
		elements = append(elements, card)
	}
	data, err := json.Marshal(elements)
	if err != nil {
		panic("unreachable: texts are always JSON")
	}
	return string(data)
}

// maxFeedText is the length of a title or subtitle of a card, in code points.
const maxFeedText = 80

// cut is a text in one line, without the tags that feeds put into it, cut to what a card shows.
func cut(text string) string {
	var b strings.Builder
	inTag := false
	for _, r := range text {
		switch {
		case r == '<':
			inTag = true
		case r == '>' && inTag:
			inTag = false
		case !inTag:
			b.WriteRune(r)
		}
	}
	line := []rune(strings.Join(strings.Fields(b.String()), " "))
	if len(line) > maxFeedText {
		line = append(line[:maxFeedText-1], '…')
	}
	return string(line)
}

// at is when an entry was published; entries without a time are the oldest.
func (e feedEntry) at() time.Time {
	for _, form := range []string{time.RFC1123Z, time.RFC1123, time.RFC3339} {
		if t, err := time.Parse(form, strings.TrimSpace(e.Published+e.Updated)); err == nil {
			return t
		}
	}
	return time.Time{}
}

func (e feedEntry) address() string {
	for _, l := range e.Links {
		if a := strings.TrimSpace(l.Href + l.Text); strings.HasPrefix(a, "http") {
			return a
		}
	}
	return ""
}
