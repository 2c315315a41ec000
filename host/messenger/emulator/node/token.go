package node

import (
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
)

// dataAccess is how long data access lasts from a token's issue.
const dataAccess = 90 * 24 * time.Hour

// Token is what GET /debug_token tells of a token of the state.
func Token(s *state.State, t *state.Token, now time.Time) map[string]any {
	fault := t.Fault(now)
	data := map[string]any{
		"app_id": t.App.ID, "type": t.Kind, "application": t.App.Name, "expires_at": unix(t.Expires), "is_valid": fault == nil,
		"data_access_expires_at": unix(t.Issued.Add(dataAccess)), "issued_at": unix(t.Issued),
		"scopes": []string{}, "granular_scopes": []any{},
	}
	if t.User != nil {
		data["user_id"], data["scopes"], data["granular_scopes"] = state.AppScoped(t.App.ID, t.User.ID), t.User.Scopes, granular(s, t)
	}
	if t.User != nil && t.User.System {
		data["data_access_expires_at"] = int64(0) // there is nobody who could renew it
	}
	if t.Page != nil {
		data["profile_id"] = t.Page.ID
	}
	if fault != nil {
		data["error"] = map[string]any{"code": fault.Code, "subcode": fault.Subcode, "message": fault.Text}
	}
	return data
}

// unix is a time as Graph counts it; 0: never.
func unix(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.Unix()
}

// granular are a token's permissions with the Pages for which they were granted.
func granular(s *state.State, t *state.Token) []any {
	var pages []string
	for _, p := range s.Pages {
		if (t.Page == nil || t.Page == p) && len(t.User.TasksOn(p.ID)) > 0 {
			pages = append(pages, p.ID)
		}
	}
	out := []any{}
	for _, scope := range t.User.Scopes {
		out = append(out, map[string]any{"scope": scope, "target_ids": pages})
	}
	return out
}
