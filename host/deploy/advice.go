package deploy

import "github.com/footlight-bots/footlight/host/messenger/advice"

// Note is a piece of advice.
type Note struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Farewell says what to do with a bot that is on its Page. dir is its folder; here tells
// that a host was started by the walk, and goes on.
func (o Outcome) Farewell(dir string, here bool) []Note {
	notes := []Note{
		{"link", Link(o.PageID, "") + "; with ?ref=poster behind it the script learns where people come from (_fbRefParam)"},
		{"button", "On the Page choose Edit action button, then Send message: visitors then reach the bot with one tap."},
		{"everybody", "As long as the app is in development mode, or pages_messaging has standard access, only people with a role on the app get answers. For everybody else: App Review for pages_messaging, then switch the app to Live."},
	}
	if here {
		return append(notes, Note{"serving", "here, until it is stopped. From now on footlight serve " + dir + " does the same."})
	}
	return append(notes, Note{"serve", "footlight serve " + dir + " has to run, day and night; footlight doctor tells whether all is well."})
}

// Explanation is what is known of an error of the platform's.
type Explanation struct {
	Title string `json:"title"`
	Notes []Note `json:"notes"`
}

// Explain finds what is known of an error by its number, as in 190/463, or by Meta's
// words, whole or in part. The likeliest comes first; none: nothing is known.
func Explain(question string) []Explanation {
	var out []Explanation
	for _, a := range advice.Find(question) {
		out = append(out, Explanation{"Graph API error " + a.Name(), []Note{
			{"Meta says", a.Says}, {"it means", a.Means}, {"the cure", a.Cure}, {"the host", a.Verdict().Class.Host()},
		}})
	}
	return out
}
