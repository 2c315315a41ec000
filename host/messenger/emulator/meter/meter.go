// Package meter counts what calls use up of a platform's quotas, refuses what goes beyond, and tells
// in the usage headers how much is used.
//
// It has no clock and no lock: its owner says what time it is, in order, and guards it. What a
// Page's day has used is counted at the Page, which is handed in. No API of the host is promised.
package meter

import (
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/quota"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Spans over which uses are counted (emulator.md §4.5).
const (
	callSpan    = time.Hour        // calls of an app and of a user
	profileSpan = 10 * time.Minute // calls of the Messenger Profile
	replySpan   = time.Hour        // private replies
)

// Meter counts the uses of a platform.
type Meter struct {
	Quotas world.Quotas // with defaults filled in

	calls    quota.Uses // by app, and by user
	profiles quota.Uses // by Page, and by person
	sends    quota.Uses // by Page
	persons  quota.Uses // sends by person
	replies  quota.Uses // private ones, by Page
	reads    quota.Uses // of conversations, by Page
	volume   quota.Volume
}

// Call is who makes a call, and about what.
type Call struct {
	App       string      // whose token it has
	User      string      // whom the token speaks for; empty: no user
	Page      *state.Page // of a Page token; nil: it is none
	OfPage    bool        // the endpoint is one of a Page
	Messaging bool        // the endpoint is about messages
}

// Call counts a call for its app and its user, and refuses one too many of theirs, or of the
// Page's day.
func (m *Meter) Call(c Call, now time.Time) *refusal.Refusal {
	if !m.calls.Spend(c.App, m.Quotas.CallsPerApp, callSpan, now) {
		return m.refuse(world.QuotaApp)
	}
	if c.User != "" && !m.calls.Spend(ofUser(c.User), m.Quotas.CallsPerUser, callSpan, now) {
		if c.OfPage {
			return m.refuse(world.QuotaUserPage)
		}
		return m.refuse(world.QuotaUser)
	}
	if limit := m.Quotas.CallsPerEngagedUser; c.Page != nil && limit > 0 && c.Page.UsedShare(limit, now) >= 1 {
		if c.Messaging {
			return m.refuse(world.QuotaMessaging)
		}
		return m.refuse(world.QuotaPage)
	}
	return nil
}

// ofUser is the key under which the calls of a user are counted.
func ofUser(id string) string { return "user " + id }

// Profile counts a call of a Page's Messenger Profile.
func (m *Meter) Profile(page string, now time.Time) *refusal.Refusal {
	return m.spend(&m.profiles, page, m.Quotas.ProfileCalls, profileSpan, world.QuotaProfile, now)
}

// Menu counts a call about the menu of one person.
func (m *Meter) Menu(person string, now time.Time) *refusal.Refusal {
	return m.spend(&m.profiles, person, m.Quotas.MenuCalls, profileSpan, world.QuotaProfile, now)
}

// Reply counts a private reply of a Page.
func (m *Meter) Reply(page string, now time.Time) *refusal.Refusal {
	return m.spend(&m.replies, page, m.Quotas.PrivateReplies, replySpan, world.QuotaReplies, now)
}

// Read counts a call of a Page's Conversations API.
func (m *Meter) Read(page string, now time.Time) *refusal.Refusal {
	return m.spend(&m.reads, page, m.Quotas.ConversationsPerSecond, time.Second, world.QuotaConversations, now)
}

func (m *Meter) spend(u *quota.Uses, key string, limit int, span time.Duration, name string, now time.Time) *refusal.Refusal {
	if u.Spend(key, limit, span, now) {
		return nil
	}
	return m.refuse(name)
}

// refuse is the refusal of a call beyond a quota.
func (m *Meter) refuse(name string) *refusal.Refusal { return refusal.TooMany(m.Quotas.Code(name)) }
