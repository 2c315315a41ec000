package deploy

// Step is a check as it is told of before it is looked at.
type Step struct {
	ID    string `json:"check"`
	Title string `json:"title"`
	About string `json:"about"` // what it is for, a sentence in plain words
}

// Steps are the checks of a Walk and an Examine, in their order.
func Steps() []Step {
	var out []Step
	for _, c := range checks() {
		out = append(out, Step{ID: c.id, Title: c.title, About: about(c.id)})
	}
	return out
}

// about says what a check is for.
func about(id string) string {
	switch id {
	case Credentials:
		return "Which app speaks for you, and where the world reaches your host."
	case VerifyToken:
		return "A word by which Meta and your host know each other."
	case Scripts:
		return "Whether the bot can be built of its scripts."
	case App:
		return "Whether Meta knows the app with its secret."
	case Clock:
		return "Whether this machine and Meta agree on what time it is."
	case Storage:
		return "Whether what people write is kept where nothing is lost."
	case Version:
		return "How long Meta keeps the version of its interface that the host speaks."
	case PageToken:
		return "The Page's own key. It is made of yours, and does not expire."
	case Permissions:
		return "What Meta lets the app do for the Page."
	case Page:
		return "Whether people can see the Page. A personal profile is none."
	case Callback:
		return "Whether your host answers where Meta will call it."
	case AppSubscription:
		return "Meta sends the app what happens on its Pages."
	case Subscription:
		return "And it sends what happens on this Page."
	case SetUp:
		return "Greeting, Get Started, menu and ice breakers, as bot.toml has them."
	case Personas:
		return "Who speaks in place of the Page, with name and picture."
	case Running:
		return "Whether store and scripts are ready, as the host itself says."
	case Pause:
		return "Whether the Page's messages are held back."
	case GivenUp:
		return "What could not be sent within a day, and why."
	case Talk:
		return "A first word: the link, its QR code, and whether the bot may answer."
	}
	return ""
}
