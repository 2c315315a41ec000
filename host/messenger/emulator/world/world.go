// Package world is what an emulated platform is made of, as its owner states it: apps,
// Pages, people, users with roles, and the switches and quotas by which it behaves.
//
// It has values and their checks only; what becomes of them is the emulator's state.
// No API of the host is promised.
package world

import (
	"fmt"
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// App is a Meta app. Empty ids and secrets are generated.
type App struct {
	ID          string   `json:"id"`
	Secret      string   `json:"secret"`
	Name        string   `json:"name"`
	Callback    string   `json:"callback"` // empty: no webhooks
	VerifyToken string   `json:"verify_token"`
	Fields      []string `json:"fields"` // subscribed on the app's level; nil: HostFields
	Development bool     `json:"development"`
	Standard    bool     `json:"standard"` // standard access only: as in development, for people with a role alone
	// RequireProof is "Require App Secret": each call needs an appsecret_proof.
	RequireProof   bool   `json:"require_proof"`
	DeletionURL    string `json:"deletion_url"`    // of the data-deletion callback; empty: none
	DeauthorizeURL string `json:"deauthorize_url"` // of the deauthorise callback; empty: none
	// Permissions beyond those every bot has, such as pages_user_locale and human_agent.
	Permissions []string `json:"permissions"`
	// NoProfiles withholds advanced access to people's profiles: of those without a role on the app
	// only the id can be asked for.
	NoProfiles bool             `json:"no_profiles"`
	Delivery   webhook.Delivery `json:"delivery"`
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
	// Default is the app that answers idle threads; empty: App. With NoDefault, "zero
	// configuration", every app hears everything, and none can take a thread.
	Default    string `json:"default"`
	NoDefault  bool   `json:"no_default"`
	Restricted int    `json:"restricted"`
	// News makes it a registered news Page: outside the window the app needs the permission
	// pages_messaging_subscriptions, and with it the tag NON_PROMOTIONAL_SUBSCRIPTION goes through.
	News bool `json:"news"`
	// Game makes it the Page of an Instant Game, of whose people nothing is told.
	Game bool `json:"game"`
}

// Person is someone who can write to one Page. Empty ids and names are generated.
type Person struct {
	ID string `json:"id"` // page-scoped: 15 to 17 digits
	// Account is who the person is outside Messenger, as the ID of a User may be. People of one
	// account are one human, who has an id with each Page; empty: nobody else is the same human.
	Account   string  `json:"account"`
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

// User is someone with a Facebook account who manages Pages and apps, or a system user.
type User struct {
	ID string `json:"id"`
	// System makes it a system user of a business: nobody who signs in, so its token does not expire
	// and dies of no password.
	System bool `json:"system"`
	// Expiring gives a system user a token that lasts 60 days, and is to be refreshed before.
	Expiring bool     `json:"expiring"`
	Name     string   `json:"name"`
	App      string   `json:"app"`    // on which the user's token is made; empty: the first
	Scopes   []string `json:"scopes"` // permissions granted to the app; nil: BotScopes
	// Tasks are the user's roles by Page id; nil: every task on every Page.
	Tasks map[string][]string `json:"tasks"`
	Token string              `json:"token"` // a short-lived user token; of a system user a lasting one
}

// HostFields are the webhook fields that a Footlight bot subscribes to.
func HostFields() []string {
	return []string{
		webhook.Messages, webhook.Postbacks, webhook.Referrals, webhook.OptIns, webhook.Echoes, webhook.Handovers, webhook.Standby,
		webhook.Reactions, webhook.Policy, webhook.Linking, webhook.Deliveries, webhook.Reads,
	}
}

// BotScopes are the permissions that a bot needs of the user who connects its Page.
func BotScopes() []string {
	return []string{"pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement"}
}

// AllTasks are what a user with full control of a Page may do there.
func AllTasks() []string {
	return []string{"ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE", "MESSAGING", "MODERATE"}
}

// Check reports what no person can be.
func (p Person) Check() error {
	if !slices.Contains([]string{"", "bare", "none"}, p.Profile) {
		return fmt.Errorf("person %s: profile %q: want \"\", \"bare\" or \"none\"", p.ID, p.Profile)
	}
	if !slices.Contains([]int{0, 200, 551, 1545041, 2018108}, p.Unavailable) {
		return fmt.Errorf("person %s: unavailable %d: want 0, 200, 551, 1545041 or 2018108", p.ID, p.Unavailable)
	}
	return nil
}

// Check reports what no Page can be.
func (p Page) Check() error {
	if !slices.Contains([]int{0, 368, 2022, refusal.Restricted}, p.Restricted) {
		return fmt.Errorf("page %s: restriction %d: want 0, 368, 2022 or %d", p.ID, p.Restricted, refusal.Restricted)
	}
	return nil
}
