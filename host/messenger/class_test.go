package messenger

import (
	"errors"
	"testing"
	"time"
)

// One row per row of the table in messenger.md section 5.3.
func TestJudge(t *testing.T) {
	const T, A, R, W, U, M, P, C = ClassTransient, ClassAmbiguous, ClassRate, ClassWindow, ClassPerson, ClassMessage, ClassPage, ClassConfig
	for _, tt := range []struct {
		name          string
		code, subcode int
		want          Class
		scope         Scope
		retries       int
	}{
		{"unknown", 1, 0, A, ScopeMessage, 3},
		{"unknown, perhaps permission", 1, 99, P, ScopePage, 1},
		{"invalid JSON reply, but sent", 1, 1357046, A, ScopeMessage, 3},
		{"service unavailable, or blocked", 2, 0, A, ScopePerson, bySchedule},
		{"inbox label terms", 2, 2018344, C, ScopeMessage, 0},
		{"capability missing", 3, 0, P, ScopePage, 0},
		{"application limit", 4, 0, R, ScopeApp, bySchedule},
		{"phone numbers limit", 4, 2018022, R, ScopeApp, bySchedule},
		{"marketing delay", 4, 2018354, M, ScopeMessage, 0},
		{"too many actions", 9, 2018352, R, ScopePerson, bySchedule},
		{"no permission", 10, 0, P, ScopePage, 0},
		{"public content access", 10, 2018233, P, ScopePage, 0},
		{"no permission for action", 10, 1404170, P, ScopePage, 0},
		{"notifications stopped", 10, 1893015, U, ScopePerson, 0},
		{"restricted", 10, 1893063, P, ScopePage, 0},
		{"window, news", 10, 2018065, W, ScopePerson, 0},
		{"cannot receive", 10, 2018108, U, ScopePerson, 0},
		{"window", 10, 2018278, W, ScopePerson, 0},
		{"region privacy", 10, 2018336, U, ScopePerson, 0},
		{"window, Instagram", 10, 2534022, W, ScopePerson, 0},
		{"Instagram link", 10, 2534077, P, ScopePage, 0},
		{"user limit", 17, 0, R, ScopeApp, bySchedule},
		{"page limit", 32, 0, R, ScopePage, bySchedule},
		{"app limit", 341, 0, R, ScopeApp, bySchedule},
		{"no such object", 100, 33, U, ScopePerson, 0},
		{"no such object, alone", 33, 0, U, ScopePerson, 0},
		{"invalid parameter", 100, 0, M, ScopeMessage, 0},
		{"no matching user", 100, 2018001, U, ScopePerson, 0},
		{"fetch failed", 100, 2018008, M, ScopeMessage, 1},
		{"message and action", 100, 2018014, M, ScopeMessage, 0},
		{"neither", 100, 2018015, M, ScopeMessage, 0},
		{"empty message", 100, 2018034, M, ScopeMessage, 0},
		{"incomplete element", 100, 2018035, M, ScopeMessage, 0},
		{"payload empty", 100, 2018040, M, ScopeMessage, 0},
		{"url empty", 100, 2018041, M, ScopeMessage, 0},
		{"title empty", 100, 2018053, M, ScopeMessage, 0},
		{"amount", 100, 2018055, M, ScopeMessage, 0},
		{"quick reply title", 100, 2018098, M, ScopeMessage, 0},
		{"quick reply payload", 100, 2018099, M, ScopeMessage, 0},
		{"media type", 100, 2018047, M, ScopeMessage, 0},
		{"attachment id", 100, 2018074, M, ScopeMessage, 1},
		{"attachment size", 100, 2018109, M, ScopeMessage, 0},
		{"menu needs get started", 100, 2018145, C, ScopeMessage, 0},
		{"incorrect app", 100, 2018164, C, ScopeMessage, 0},
		{"video timed out", 100, 2018294, M, ScopeMessage, 1},
		{"product", 100, 2018320, M, ScopeMessage, 0},
		{"product version", 100, 2018328, M, ScopeMessage, 0},
		{"Instagram 13", 100, 2534013, C, ScopeMessage, 0},
		{"Instagram 14", 100, 2534014, U, ScopePerson, 0},
		{"Instagram 15", 100, 2534015, M, ScopeMessage, 0},
		{"Instagram 25", 100, 2534025, M, ScopeMessage, 0},
		{"Instagram 29", 100, 2534029, P, ScopePage, 0},
		{"Instagram 37", 100, 2534037, C, ScopeMessage, 0},
		{"client secret", 101, 0, C, ScopeApp, 0},
		{"session", 102, 0, P, ScopePage, 0},
		{"token", 190, 0, P, ScopePage, 0},
		{"app removed", 190, 458, P, ScopePage, 0},
		{"checkpoint", 190, 459, P, ScopePage, 0},
		{"password changed", 190, 460, P, ScopePage, 0},
		{"expired", 190, 463, P, ScopePage, 0},
		{"unconfirmed", 190, 464, P, ScopePage, 0},
		{"invalid", 190, 467, P, ScopePage, 0},
		{"no role", 190, 492, P, ScopePage, 0},
		{"too many elements", 105, 0, M, ScopeMessage, 0},
		{"too few elements", 194, 0, M, ScopeMessage, 0},
		{"permission 200", 200, 0, P, ScopePage, 0},
		{"permission 299", 299, 0, P, ScopePage, 0},
		{"not available", 200, 1545041, U, ScopePerson, 1},
		{"phone fee", 200, 2018021, C, ScopeMessage, 0},
		{"phone permission", 200, 2018027, C, ScopeMessage, 0},
		{"development mode", 200, 2018028, U, ScopePerson, 0},
		{"development mode, newer", 10, 2018028, U, ScopePerson, 0},
		{"Instagram access", 200, 2534041, P, ScopePage, 0},
		{"pages_messaging", 230, 0, P, ScopePage, 0},
		{"blocked for policy", 368, 0, P, ScopePage, 0},
		{"duplicate post", 506, 0, M, ScopeMessage, 0},
		{"not receiving", 551, 0, U, ScopePerson, 0},
		{"not receiving, with subcode", 551, 1545041, U, ScopePerson, 1},
		{"rate", 613, 0, R, ScopePage, bySchedule},
		{"opt-in twice", 613, 1893016, U, ScopePerson, 0},
		{"tag abuse", 613, 2018338, P, ScopePage, 0},
		{"rate, Instagram", 613, 2534040, R, ScopePage, bySchedule},
		{"send failure", 1200, 0, T, ScopePerson, bySchedule},
		{"send failure, with subcode", 1200, 2018024, T, ScopePerson, bySchedule},
		{"commerce", 2022, 0, P, ScopePage, 0},
		{"callback", 2200, 0, C, ScopeApp, 0},
		{"no token for me", 2500, 0, P, ScopePage, 0},
		{"linking token", 10303, 0, C, ScopeMessage, 0},
		{"games", 2018144, 0, C, ScopeMessage, 0},
		{"extensions", 2018154, 0, C, ScopeMessage, 0},
		{"receivers", 2018163, 0, C, ScopeMessage, 0},
		{"receivers 2", 2018166, 0, C, ScopeMessage, 0},
		{"routing", 2018171, 0, C, ScopeMessage, 0},
		{"no profile", 2018218, 0, U, ScopePerson, 0},
		{"routing 2", 2018234, 0, C, ScopeMessage, 0},
		{"profile permission", 2018247, 0, C, ScopeMessage, 0},
		{"thread controlled", 2018300, 0, W, ScopePerson, 0},
		{"thread controlled, as subcode", 100, 2018300, W, ScopePerson, 0},
		{"question flow", 2018321, 0, W, ScopePerson, 0},
		{"media template", 100, 2018173, M, ScopeMessage, 0},
		{"media template 2", 100, 2018175, M, ScopeMessage, 0},
		{"media template 3", 100, 2018182, M, ScopeMessage, 0},
		{"media template 4", 2018188, 0, M, ScopeMessage, 0},
		{"payment", 24001, 0, M, ScopeMessage, 0},
		{"request family", 2300052, 0, U, ScopePerson, 0},
		{"message deleted", 9000001, 0, M, ScopeMessage, 0},
		{"page calls", 80001, 0, R, ScopePage, bySchedule},
		{"messenger calls", 80006, 0, R, ScopePage, bySchedule},
		{"instagram calls", 80002, 0, R, ScopePage, bySchedule},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := judge(400, tt.code, tt.subcode, false)
			if got.Class != tt.want || got.Scope != tt.scope || got.Retries != tt.retries {
				t.Errorf("%d/%d: %+v, want class %s, scope %d, retries %d", tt.code, tt.subcode, got, tt.want, tt.scope, tt.retries)
			}
			if other := judge(500, tt.code, tt.subcode, true); other != got && tt.name != "payment" {
				t.Errorf("status and flag overrule the code: %+v", other)
			}
		})
	}
}

// The last lines of section 5.3: answers that no row knows.
func TestJudgeUnknown(t *testing.T) {
	for _, tt := range []struct {
		name      string
		status    int
		transient bool
		want      Class
	}{
		{"gateway", 502, false, ClassAmbiguous},
		{"server, transient", 500, true, ClassAmbiguous},
		{"refusal, transient", 400, true, ClassTransient},
		{"refusal", 400, false, ClassMessage},
		{"too many requests", 429, false, ClassRate},
		{"redirect", 302, false, ClassPage},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, code := range []int{0, 777777} {
				got := judge(tt.status, code, 0, tt.transient)
				if got.Class != tt.want {
					t.Errorf("code %d: %s, want %s", code, got.Class, tt.want)
				}
				if away := tt.status >= 500 && code == 0; got.Away != away {
					t.Errorf("code %d: the platform is away: %v, want %v", code, got.Away, away)
				}
			}
		})
	}
}

// A first try is never the last for these (section 5.4), and comes after some seconds.
func TestJudgeRetriesSoon(t *testing.T) {
	for _, c := range []codes{{1200, 0}, {613, 0}, {200, 1545041}} {
		if v := judge(400, c.code, c.subcode, false); v.Retries == 0 || v.Wait != soon {
			t.Errorf("%v: %+v", c, v)
		}
	}
}

func TestVerdicts(t *testing.T) {
	regain := Usage{Page: 100, Regain: 19 * time.Minute}
	for _, tt := range []struct {
		name string
		err  error
		want Verdict
	}{
		{"rate waits as long as the headers say", &APIError{Status: 400, Code: 80006, Usage: regain}, Verdict{Class: ClassRate, Scope: ScopePage, Retries: bySchedule, Wait: 19 * time.Minute}},
		{"another class does not", &APIError{Status: 400, Code: 190, Usage: regain}, Verdict{Class: ClassPage, Scope: ScopePage}},
		{"thread controlled is held", &APIError{Status: 400, Code: 2018300}, Verdict{Class: ClassWindow, Scope: ScopePerson, Hold: true}},
		{"never sent", &TransportError{NotSent: true, Err: errors.New("refused")}, Verdict{Class: ClassTransient, Scope: ScopePage, Retries: bySchedule, Away: true}},
		{"no answer", &TransportError{Err: errors.New("reset")}, Verdict{Class: ClassAmbiguous, Retries: bySchedule, Away: true}},
		{"sent in spite of it", &APIError{Status: 400, Code: 1, Subcode: 1357046}, Verdict{Class: ClassAmbiguous, Retries: 3, Arrived: true}},
		{"wrapped", errors.Join(errors.New("outbox"), &APIError{Status: 400, Code: 190}), Verdict{Class: ClassPage, Scope: ScopePage}},
		{"refused before it left", errors.New("send: the message is empty"), Verdict{Class: ClassMessage}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Judge(tt.err); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}
