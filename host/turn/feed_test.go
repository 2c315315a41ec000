package turn

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>Tea news</title>
<item><title>Old</title><link>https://tea.example/1</link><pubDate>Mon, 02 Jan 2006 15:04:05 +0000</pubDate></item>
<item><title>New &lt;b&gt;leaf&lt;/b&gt;</title><description>Fresh
 from the field</description><link>https://tea.example/2</link><pubDate>Tue, 05 May 2026 10:00:00 GMT</pubDate></item>
<item><title> </title><link>https://tea.example/3</link></item>
</channel></rss>`

const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>One</title><summary>first</summary>
<link href="https://tea.example/one"/><updated>2026-05-05T10:00:00Z</updated></entry></feed>`

// feeding runs a turn whose reply is one ^getRSSFeed.
func feeding(t *testing.T, body string, args ...string) (Result, *net) {
	t.Helper()
	web := answering(body)
	token := reply.Token{Kind: reply.Shortcode, Text: "getRSSFeed"}
	for _, a := range args {
		token.Args = append(token.Args, reply.Arg{Text: a})
	}
	result, err := perform(t, Settings{Fetcher: web}, Input{}, func(world.World) []reply.Token { return []reply.Token{token} })
	if err != nil {
		t.Fatal(err)
	}
	return result, web
}

func TestFeeds(t *testing.T) { // the catalogue of section 21.2, L-SC-5
	for name, row := range map[string]struct {
		body string
		args []string
		want string
	}{
		"newest first":     {rss, nil, `[{"title":"New leaf","subtitle":"Fresh from the field","buttons":[{"type":"web_url","title":"Read","url":"https://tea.example/2"}]},{"title":"Old","buttons":[{"type":"web_url","title":"Read","url":"https://tea.example/1"}]}]`},
		"one, oldest":      {rss, []string{"1", "asc"}, `[{"title":"Old","buttons":[{"type":"web_url","title":"Read","url":"https://tea.example/1"}]}]`},
		"Atom":             {atom, nil, `[{"title":"One","subtitle":"first","buttons":[{"type":"web_url","title":"Read","url":"https://tea.example/one"}]}]`},
		"too many":         {rss, []string{"11"}, "[SHORTCODE_ERROR: getRSSFeed: the number of entries lies between 1 and 10]"},
		"no number":        {rss, []string{"all"}, "[SHORTCODE_ERROR: getRSSFeed: the number of entries lies between 1 and 10]"},
		"no order":         {rss, []string{"2", "up"}, "[SHORTCODE_ERROR: getRSSFeed: the order is asc or desc]"},
		"not a feed":       {"<html>", nil, "[SHORTCODE_ERROR: getRSSFeed: there is no feed with entries at this address]"},
		"a feed of nobody": {`<rss><channel></channel></rss>`, nil, "[SHORTCODE_ERROR: getRSSFeed: there is no feed with entries at this address]"},
	} {
		t.Run(name, func(t *testing.T) {
			result, _ := feeding(t, row.body, append([]string{"https://tea.example/feed"}, row.args...)...)
			if len(result.Reply.Parts) != 1 {
				t.Fatalf("parts %+v", result.Reply.Parts)
			}
			part := result.Reply.Parts[0]
			got := part.Text
			if len(part.Shortcodes) > 0 {
				got = part.Shortcodes[0].Data
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFeedsAreRequestsOfTheTurn(t *testing.T) { // L-HTTP-8, L-HTTP-9
	result, web := feeding(t, rss, "https://tea.example/feed")
	if len(web.asked) != 1 || web.asked[0].Method != "GET" || len(result.Outside.Answers) != 1 {
		t.Errorf("asked %+v, recorded %+v", web.asked, result.Outside)
	}
	nobody, err := perform(t, Settings{}, Input{}, func(world.World) []reply.Token {
		return []reply.Token{{Kind: reply.Shortcode, Text: "getRSSFeed", Args: []reply.Arg{{Text: "https://tea.example/feed"}}}}
	})
	if err != nil || len(nobody.Reply.Parts) != 1 || !strings.HasPrefix(nobody.Reply.Parts[0].Text, "[REQ_RESPONSE_ERROR: ") {
		t.Errorf("without a granted host: %+v, %v", nobody.Reply, err)
	}
}

func FuzzReadFeed(f *testing.F) {
	f.Add(rss)
	f.Add(atom)
	f.Fuzz(func(t *testing.T, text string) {
		if entries := readFeed(text); len(entries) > 0 {
			cardsOf(entries, maxFeedEntries, true)
		}
	})
}
