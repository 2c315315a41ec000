package world

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// Switches choose among behaviours that Meta does not settle. The zero value is
// what is held likeliest; ids are those of the emulator's specification.
type Switches struct {
	CodePoints           bool            `json:"code_points"`            // F1: text is counted in code points instead of UTF-16 units
	TextBelow            bool            `json:"text_below"`             // F1: a text of exactly the limit is refused too
	GenericRetry         bool            `json:"generic_retry"`          // F2: webhooks fail for 36 h before an update is dropped, instead of 1 h before unsubscription
	RetriesAtOnce        int             `json:"retries_at_once"`        // F3: 0: 3; negative: none
	RetryGaps            []time.Duration `json:"-"`                      // F3: nil: 10 s, 30 s, 1 min, 2 min, 5 min, 10 min; the last repeats
	EventsPerEntry       int             `json:"events_per_entry"`       // F4: 0: 1
	Status               map[int]int     `json:"status"`                 // F5: HTTP status for an error code, where it is not the usual one
	RoleCode             int             `json:"role_code"`              // F6: code that goes with subcode 2018028; 0: 200
	PublicContentSubcode int             `json:"public_content_subcode"` // F7: subcode of 'Page Public Content Access'; 0: none
	InboxApp             string          `json:"inbox_app"`              // F8: app id of the Page inbox in echoes; empty: 263902037430900
	Escapes              string          `json:"escapes"`                // F9: "" non-ASCII and '/', "wide" also '<', '%' and '@', "none"
	RefAlone             bool            `json:"ref_alone"`              // F10: the ref of an m.me link on a new thread comes as an event of its own
	ThreadPerSecond      int             `json:"thread_per_second"`      // F11: messages per person and second; 0: no limit
	NoFeedbackTag        bool            `json:"no_feedback_tag"`        // F12: the tag CUSTOMER_FEEDBACK is refused
	FeedPSID             bool            `json:"feed_psid"`              // F13: from.id in feed comments is the PSID
	BlockedDelivers      bool            `json:"blocked_delivers"`       // F14: the message that is answered with code 2 arrives all the same
	Language             string          `json:"language"`               // F15: language of error texts: "" English, "de", "ko", "ru", "zh"
	// ListedUnder moves the numbers that Meta lists as codes of their own (2018300 …) into
	// error_subcode under this code, 10 or 100; 0: they stand in code.
	ListedUnder int  `json:"listed_under"`
	RoutingCode int  `json:"routing_code"` // of a thread that cannot be taken: 2018171 or 2018234; 0: 2018171
	PageUsage   bool `json:"page_usage"`   // answers carry the older X-Page-Usage too
	// MenuDelay is how long after a change of the menu people still see the one before; 0: not at all.
	MenuDelay      time.Duration `json:"-"`
	NoPostbackMID  bool          `json:"no_postback_mid"`  // postbacks come without mid, as older ones did
	TypeIsOptional bool          `json:"type_is_optional"` // a send without messaging_type is accepted, as in old versions
}

// maxMenuDelay is how long a changed menu may take to show.
const maxMenuDelay = 24 * time.Hour

// retriesAtOnce is how often a failed webhook is repeated without a pause (F3).
const retriesAtOnce = 3

// Retry says when a failed webhook is made again.
func (s Switches) Retry() webhook.Retry {
	return webhook.Retry{AtOnce: max(0, s.RetriesAtOnce), Gaps: s.RetryGaps, Generic: s.GenericRetry}
}

// Filled are the switches with defaults where they are open.
func (s Switches) Filled() Switches {
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
	if s.RoutingCode == 0 {
		s.RoutingCode = 2018171
	}
	if s.InboxApp == "" {
		s.InboxApp = "263902037430900"
	}
	return s
}

// Check reports what no switch can be.
func (s Switches) Check() error {
	if !slices.Contains([]string{"", webhook.EscapesWide, webhook.EscapesNone}, s.Escapes) {
		return fmt.Errorf("switch F9: escape set %q: want \"\", \"wide\" or \"none\"", s.Escapes)
	}
	if _, ok := refusal.Foreign(s.Language); !ok && s.Language != "" {
		return fmt.Errorf("switch F15: language %q: want one of \"\", \"de\", \"ko\", \"ru\", \"zh\"", s.Language)
	}
	if !slices.Contains([]int{0, 10, 100}, s.ListedUnder) {
		return fmt.Errorf("switch for listed codes: %d: want 0, 10 or 100", s.ListedUnder)
	}
	if !slices.Contains([]int{2018171, 2018234}, s.RoutingCode) {
		return fmt.Errorf("switch for routing: code %d: want 2018171 or 2018234", s.RoutingCode)
	}
	if s.MenuDelay < 0 || s.MenuDelay > maxMenuDelay {
		return fmt.Errorf("switch for the delay of menus: %s: want 0 to %s", s.MenuDelay, maxMenuDelay)
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
	SendsPerSecond int `json:"sends_per_second"` // per Page; default 300
	MediaPerSecond int `json:"media_per_second"` // sends of audio and video per Page; default 10
	PrivateReplies int `json:"private_replies"`  // per Page and hour; default 750
	MenuCalls      int `json:"menu_calls"`       // custom_user_settings calls per person in 10 min; default 10
	// Brake is the number of messages per Page and second, held for 10 s, above which sends are
	// refused; default no limit. Above 40 a warning is written in any case.
	Brake int `json:"brake"`
	// CallsPerApp is the number of calls per app and hour; default no limit.
	CallsPerApp int `json:"calls_per_app"`
	// CallsPerUser is the number of calls with a user's token per user and hour, above which 17 is
	// answered, or 32 to calls about a Page; default no limit.
	CallsPerUser int `json:"calls_per_user"`
	ProfileCalls int `json:"profile_calls"` // messenger_profile calls per Page in 10 min; default 10
	// ConversationsPerSecond is the number of calls of the Conversations API per Page; default 2.
	ConversationsPerSecond int `json:"conversations_per_second"`
	// CallsPerEngagedUser is the number of calls per Page in 24 h for each person the Page may
	// write to. Meta has 200; the default is no limit, because one author at a desk is one engaged user.
	CallsPerEngagedUser int `json:"calls_per_engaged_user"`
	// Codes are the codes with which quotas refuse, by the name of the quota, where they are not the
	// usual ones: one of the Quota constants.
	Codes map[string]int `json:"codes"`
}

// Names of the quotas, for the codes of their refusals.
const (
	QuotaApp           = "app"           // calls per app; usually 4, and 341 is met too
	QuotaUser          = "user"          // calls with a user's token; 17
	QuotaUserPage      = "user_page"     // the same about a Page; 32
	QuotaMessaging     = "messaging"     // daily calls of a Page about messages; 80006
	QuotaPage          = "page"          // daily calls of a Page about anything else; 80001
	QuotaSends         = "sends"         // sends per Page, of media too; 613
	QuotaPerson        = "person"        // messages per person (F11); 613
	QuotaBrake         = "brake"         // the brake on many messages; 613
	QuotaReplies       = "replies"       // private replies; 613
	QuotaConversations = "conversations" // calls of the Conversations API; 80006
	QuotaProfile       = "profile"       // calls of the Messenger Profile and of the user-level menu; 613
)

// usualCodes are the codes with which quotas refuse (emulator.md §4.5).
var usualCodes = map[string]int{
	QuotaApp: 4, QuotaUser: 17, QuotaUserPage: 32, QuotaMessaging: 80006, QuotaPage: 80001, QuotaSends: 613, QuotaPerson: 613,
	QuotaBrake: 613, QuotaReplies: 613, QuotaConversations: 80006, QuotaProfile: 613,
}

// Code is the code with which a quota refuses.
func (q Quotas) Code(name string) int {
	if code, ok := q.Codes[name]; ok {
		return code
	}
	return usualCodes[name]
}

// Check reports what no quotas can be.
func (q Quotas) Check() error {
	for _, name := range slices.Sorted(maps.Keys(q.Codes)) {
		if usualCodes[name] == 0 {
			return fmt.Errorf("quota codes: %q: want one of %s", name, strings.Join(slices.Sorted(maps.Keys(usualCodes)), ", "))
		}
		if q.Codes[name] <= 0 {
			return fmt.Errorf("quota codes: %s: code %d: want a positive one", name, q.Codes[name])
		}
	}
	return nil
}

// Filled are the quotas with defaults where they are open.
func (q Quotas) Filled() Quotas {
	for at, usual := range map[*int]int{
		&q.SendsPerSecond: 300, &q.MediaPerSecond: 10, &q.PrivateReplies: 750, &q.MenuCalls: 10,
		&q.ConversationsPerSecond: 2, &q.ProfileCalls: 10,
	} {
		if *at == 0 {
			*at = usual
		}
	}
	return q
}
