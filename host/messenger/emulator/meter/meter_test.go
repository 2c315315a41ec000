package meter

import (
	"net/http"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

var now = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func page() *state.Page { return &state.Page{Page: world.Page{ID: "1"}} }

// Each quota refuses with its own code, or with another one that is asked for (emulator.md §4.5).
func TestRefusals(t *testing.T) {
	limits := world.Quotas{
		SendsPerSecond: 1, MediaPerSecond: -1, PrivateReplies: 1, MenuCalls: 1, CallsPerApp: 1, CallsPerUser: 1,
		ProfileCalls: 1, ConversationsPerSecond: 1, CallsPerEngagedUser: 1,
	}
	send := func(m *Meter, s Send) *refusal.Refusal {
		_, refused := m.Send(page(), s, now)
		return refused
	}
	busy := page()
	busy.Calls.Add(now)
	for _, row := range []struct {
		name  string
		use   func(*Meter) *refusal.Refusal
		quota string
		code  int
	}{
		{"app", func(m *Meter) *refusal.Refusal { return m.Call(Call{App: "2"}, now) }, world.QuotaApp, 4},
		{"profile", func(m *Meter) *refusal.Refusal { return m.Profile("1", now) }, world.QuotaProfile, 613},
		{"menu", func(m *Meter) *refusal.Refusal { return m.Menu("7", now) }, world.QuotaProfile, 613},
		{"reply", func(m *Meter) *refusal.Refusal { return m.Reply("1", now) }, world.QuotaReplies, 613},
		{"read", func(m *Meter) *refusal.Refusal { return m.Read("1", now) }, world.QuotaConversations, 80006},
		{"send", func(m *Meter) *refusal.Refusal { return send(m, Send{}) }, world.QuotaSends, 613},
		{"person", func(m *Meter) *refusal.Refusal {
			m.Quotas.SendsPerSecond = -1
			return send(m, Send{Person: "7", PerSecond: 1})
		}, world.QuotaPerson, 613},
		{"media", func(m *Meter) *refusal.Refusal {
			m.Quotas.SendsPerSecond, m.Quotas.MediaPerSecond = -1, 1
			return send(m, Send{Slow: true})
		}, world.QuotaSends, 613},
		{"user", func(m *Meter) *refusal.Refusal {
			m.Quotas.CallsPerApp = -1
			return m.Call(Call{App: "2", User: "5"}, now)
		}, world.QuotaUser, 17},
		{"user, of a Page", func(m *Meter) *refusal.Refusal {
			m.Quotas.CallsPerApp = -1
			return m.Call(Call{App: "2", User: "5", OfPage: true}, now)
		}, world.QuotaUserPage, 32},
	} {
		for code, codes := range map[int]map[string]int{row.code: nil, 777: {row.quota: 777}} {
			m := &Meter{Quotas: limits}
			m.Quotas.Codes = codes
			if refused := row.use(m); refused != nil {
				t.Errorf("%s: the first is refused: %+v", row.name, refused)
			}
			if refused := row.use(m); refused == nil || refused.Code != code {
				t.Errorf("%s: the second: %+v, want code %d", row.name, refused, code)
			}
		}
	}
	for code, messaging := range map[int]bool{80001: false, 80006: true} {
		m := &Meter{Quotas: world.Quotas{CallsPerEngagedUser: 1}}
		if refused := m.Call(Call{App: "2", Page: busy, Messaging: messaging}, now); refused == nil || refused.Code != code {
			t.Errorf("a Page that has used its day: %+v, want code %d", refused, code)
		}
	}
}

// Many messages are told of once for each time that there are many, and the brake refuses them.
func TestVolume(t *testing.T) {
	m, p := &Meter{Quotas: world.Quotas{Brake: 50}}, page()
	told, refused := 0, 0
	for range 600 {
		many, r := m.Send(p, Send{}, now)
		if many {
			told++
		}
		if r != nil {
			refused++
		}
	}
	if told != 1 || refused != 100 {
		t.Errorf("told %d times, refused %d of 600", told, refused)
	}
}

// The headers of messenger.md §3.9.
func TestHeader(t *testing.T) {
	const business = "X-Business-Use-Case-Usage"
	for _, row := range []struct {
		name  string
		load  Load
		page  string
		older bool
		want  map[string]string
	}{
		{"without a Page", Load{App: 5}, "", true, map[string]string{"X-App-Usage": `{"call_count":5,"total_cputime":0,"total_time":0}`}},
		{"of a Page", Load{App: 5, Page: 7, Regain: 9}, "1", false, map[string]string{
			"X-App-Usage": `{"call_count":5,"total_cputime":0,"total_time":0}`,
			business:      `{"1":[{"call_count":7,"estimated_time_to_regain_access":0,"total_cputime":0,"total_time":0,"type":"messenger"}]}`,
		}},
		{"of a Page that has used all", Load{Page: 100, Regain: 9}, "1", true, map[string]string{
			"X-App-Usage":  `{"call_count":0,"total_cputime":0,"total_time":0}`,
			"X-Page-Usage": `{"call_count":100,"total_cputime":0,"total_time":0}`,
			business:       `{"1":[{"call_count":100,"estimated_time_to_regain_access":9,"total_cputime":0,"total_time":0,"type":"messenger"}]}`,
		}},
	} {
		h := row.load.Headers(row.page, row.older)
		for _, one := range h {
			if want := row.want[one.Name]; one.Value != want || one.Name != http.CanonicalHeaderKey(one.Name) {
				t.Errorf("%s: %s is %s, want %s", row.name, one.Name, one.Value, want)
			}
		}
		if len(h) != len(row.want) {
			t.Errorf("%s: headers %v", row.name, h)
		}
	}
}
