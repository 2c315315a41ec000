package emulator

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// Config is the state in which an emulator starts, and how it behaves.
type Config struct {
	Clock  clock.Clock // nil: the machine's. A *clock.Virtual can be advanced through the control API
	Apps   []App       // none: one is made
	Pages  []Page      // none: one is made, of the first app
	People []Person    // none: one is made for each Page

	Callback    string // of the first app, where it names none
	VerifyToken string // of the first app, where it names none

	Logger *slog.Logger // nil: silent. Never receives a secret
	// Seed starts the random source: with the same seed and the same order of calls, a run
	// gives the same ids and the same misfortunes.
	Seed     uint64
	Client   *http.Client // for webhooks; nil: one of the emulator's own
	Switches Switches
	Quotas   Quotas
}

// App is a Meta app. Empty ids and secrets are generated.
type App struct {
	ID          string   `json:"id"`
	Secret      string   `json:"secret"`
	Name        string   `json:"name"`
	Callback    string   `json:"callback"` // empty: no webhooks
	VerifyToken string   `json:"verify_token"`
	Fields      []string `json:"fields"` // subscribed on the app's level; nil: HostFields
	Development bool     `json:"development"`
	// RequireProof is "Require App Secret": each call needs an appsecret_proof.
	RequireProof bool `json:"require_proof"`
	// Permissions beyond those every bot has, such as pages_user_locale and human_agent.
	Permissions []string `json:"permissions"`
	Delivery    Delivery `json:"delivery"`
}

// Page is a Facebook Page. Empty ids, names and tokens are generated.
type Page struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	App    string   `json:"app"`    // the app that holds Token; empty: the first
	Token  string   `json:"token"`  // the Page token of that app
	Fields []string `json:"fields"` // subscribed on the Page's level; nil: HostFields
	// Unpublished and Restricted say why sends are refused; Restricted is one of 1893063 (as a
	// subcode of 10), 368 and 2022, or 0.
	Unpublished bool `json:"unpublished"`
	Restricted  int  `json:"restricted"`
}

// Person is someone who can write to one Page. Empty ids and names are generated.
type Person struct {
	ID        string  `json:"id"`   // page-scoped: 15 to 17 digits
	Page      string  `json:"page"` // empty: the first Page
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	Picture   string  `json:"picture"`
	Locale    string  `json:"locale"`
	Timezone  float64 `json:"timezone"` // hours from UTC
	Gender    string  `json:"gender"`
	Phone     string  `json:"phone"` // offered by a user_phone_number quick reply; empty: not shown
	Email     string  `json:"email"` // offered by a user_email quick reply; empty: not shown
	Role      string  `json:"role"`  // admin, developer or tester of the app; empty: none
	// Profile says what GET /{psid} tells: "" all, "bare" the id only, "none" a phone-number account (2018218).
	Profile string `json:"profile"`
	// Unavailable is why sends are refused: 0, 551, 1545041 (as 551/1545041), 200 (as
	// 200/1545041) or 2018108 (as 10/2018108).
	Unavailable int  `json:"unavailable"`
	Blocked     bool `json:"blocked"` // the person blocked the Page
}

// HostFields are the webhook fields that a Footlight bot subscribes to.
func HostFields() []string {
	return []string{
		webhook.Messages, webhook.Postbacks, webhook.Referrals, webhook.OptIns, webhook.Echoes, webhook.Handovers, webhook.Standby,
		webhook.Reactions, webhook.Policy, webhook.Linking, webhook.Deliveries, webhook.Reads,
	}
}

// Switches choose among behaviours that Meta does not settle. The zero value is
// what is held likeliest; ids are those of the emulator's specification.
type Switches struct {
	CodePoints           bool            // F1: text is counted in code points instead of UTF-16 units
	TextBelow            bool            // F1: a text of exactly the limit is refused too
	GenericRetry         bool            // F2: webhooks fail for 36 h before an update is dropped, instead of 1 h before unsubscription
	RetriesAtOnce        int             // F3: 0: 3; negative: none
	RetryGaps            []time.Duration // F3: nil: 10 s, 30 s, 1 min, 2 min, 5 min, 10 min; the last repeats
	EventsPerEntry       int             // F4: 0: 1
	Status               map[int]int     // F5: HTTP status for an error code, where it is not the usual one
	RoleCode             int             // F6: code that goes with subcode 2018028; 0: 200
	PublicContentSubcode int             // F7: subcode of 'Page Public Content Access'; 0: none
	InboxApp             string          // F8: app id of the Page inbox in echoes; empty: 263902037430900
	Escapes              string          // F9: "" non-ASCII and '/', "wide" also '<', '%' and '@', "none"
	RefAlone             bool            // F10: the ref of an m.me link on a new thread comes as an event of its own
	ThreadPerSecond      int             // F11: messages per person and second; 0: no limit
	NoFeedbackTag        bool            // F12: the tag CUSTOMER_FEEDBACK is refused
	BlockedDelivers      bool            // F14: the message that is answered with code 2 arrives all the same
	Language             string          // F15: language of error texts: "" English, "de", "ko", "ru", "zh"
	// ListedUnder moves the numbers that Meta lists as codes of their own (2018300 …) into
	// error_subcode under this code, 10 or 100; 0: they stand in code.
	ListedUnder    int
	PageUsage      bool // answers carry the older X-Page-Usage too
	NoPostbackMID  bool // postbacks come without mid, as older ones did
	TypeIsOptional bool // a send without messaging_type is accepted, as in old versions
}

// Delivery says how an app's webhooks misbehave. The zero value is a calm day.
type Delivery = webhook.Delivery

// answerLimit is the time within which a webhook must be answered (emulator.md §6).
const answerLimit = 5 * time.Second

// retriesAtOnce is how often a failed webhook is repeated without a pause (F3).
const retriesAtOnce = 3

func (s Switches) retry() webhook.Retry {
	return webhook.Retry{AtOnce: max(0, s.RetriesAtOnce), Gaps: s.RetryGaps, Generic: s.GenericRetry}
}

func (s Switches) filled() Switches {
	if s.RetriesAtOnce == 0 {
		s.RetriesAtOnce = retriesAtOnce
	}
	if s.RetryGaps == nil {
		s.RetryGaps = []time.Duration{
			10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute,
		}
	}
	if s.EventsPerEntry < 1 {
		s.EventsPerEntry = 1
	}
	if s.RoleCode == 0 {
		s.RoleCode = 200
	}
	if s.InboxApp == "" {
		s.InboxApp = "263902037430900"
	}
	return s
}

func (s Switches) check() error {
	if !slices.Contains([]string{"", webhook.EscapesWide, webhook.EscapesNone}, s.Escapes) {
		return fmt.Errorf("switch F9: escape set %q: want \"\", \"wide\" or \"none\"", s.Escapes)
	}
	if _, ok := refusal.Foreign(s.Language); !ok && s.Language != "" {
		return fmt.Errorf("switch F15: language %q: want one of \"\", \"de\", \"ko\", \"ru\", \"zh\"", s.Language)
	}
	if !slices.Contains([]int{0, 10, 100}, s.ListedUnder) {
		return fmt.Errorf("switch for listed codes: %d: want 0, 10 or 100", s.ListedUnder)
	}
	for _, gap := range s.RetryGaps {
		if gap <= 0 {
			return fmt.Errorf("switch F3: retry gap %s: want more than nothing", gap)
		}
	}
	if len(s.RetryGaps) == 0 {
		return fmt.Errorf("switch F3: retry gaps: want one at least")
	}
	return nil
}

// Quotas are the rates above which calls are refused. Zero stands for the default,
// a negative number for no limit.
type Quotas struct {
	SendsPerSecond int // per Page; default 300
	ProfileCalls   int // messenger_profile calls per Page in 10 min; default 10
	// ConversationsPerSecond is the number of calls of the Conversations API per Page; default 2.
	ConversationsPerSecond int
	// CallsPerEngagedUser is the number of calls per Page in 24 h for each person the Page may
	// write to. Meta has 200; the default is no limit, because one author at a desk is one engaged user.
	CallsPerEngagedUser int
}

func (q Quotas) filled() Quotas {
	if q.SendsPerSecond == 0 {
		q.SendsPerSecond = 300
	}
	if q.ConversationsPerSecond == 0 {
		q.ConversationsPerSecond = 2
	}
	if q.ProfileCalls == 0 {
		q.ProfileCalls = 10
	}
	return q
}
