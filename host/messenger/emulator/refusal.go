package emulator

import (
	"fmt"
	"net/http"
	"strings"
)

// Subcodes that are answered in more than one place (emulator.md §4).
const (
	subUnknownPerson = 2018001
	subWindow        = 2018278
	subRestricted    = 1893063
	subEmptyTitle    = 2018053
	subEmptyPayload  = 2018040
	subEmptyURL      = 2018041
	subIncomplete    = 2018035
	subAttachment    = 2018074
)

// refusal is one of Graph's error answers (emulator.md §3).
type refusal struct {
	code, subcode int
	kind          string // type; empty: OAuthException
	text          string
	bare          bool // the message carries no "(#code)" in front
	transient     bool
	title, advice string // error_user_title and error_user_msg
	auth          string // error word of WWW-Authenticate: invalid_token or invalid_request
	status        int    // 0: by code
}

// refuse is a refusal with "(#code) text" as its message. Subcode 0 means none.
func refuse(code, subcode int, format string, args ...any) *refusal {
	return &refusal{code: code, subcode: subcode, text: fmt.Sprintf(format, args...)}
}

func missingObject(id string) *refusal {
	return &refusal{
		code: 100, subcode: 33, kind: "GraphMethodException", bare: true,
		text: fmt.Sprintf("Unsupported request. Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation", id),
	}
}

func noPermission() *refusal {
	return refuse(10, 0, "Application does not have permission for this action")
}

// listed is a refusal whose number Meta lists as a code of its own. The switch
// ListedUnder moves it into error_subcode.
func (e *Emulator) listed(number int, text string) *refusal {
	if e.switches.ListedUnder != 0 {
		return refuse(e.switches.ListedUnder, number, "%s", text)
	}
	return refuse(number, 0, "%s", text)
}

// foreign is what error texts say under switch F15. Meta translates for some
// accounts; that the sentence no longer tells the faults apart is the point.
var foreign = map[string]string{
	"de": "Ein Fehler ist aufgetreten. Bitte versuche es später erneut.",
	"ko": "오류가 발생했습니다. 나중에 다시 시도하세요.",
	"ru": "Произошла ошибка. Повторите попытку позже.",
	"zh": "发生错误。请稍后再试。",
}

// httpStatus is the status of a refusal: 400 for nearly all, 500 for code 2 (F5).
func (e *Emulator) httpStatus(r *refusal) int {
	if r.status != 0 {
		return r.status
	}
	if s, ok := e.switches.Status[r.code]; ok {
		return s
	}
	if r.code == 2 {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// answer is the body of a refusal. Optional fields stand only where it has them.
func (e *Emulator) answer(r *refusal, trace string) map[string]any {
	kind, text := r.kind, r.text
	if kind == "" {
		kind = "OAuthException"
	}
	if t, ok := foreign[e.switches.Language]; ok {
		text = t
	}
	if !r.bare {
		text = fmt.Sprintf("(#%d) %s", r.code, text)
	}
	body := map[string]any{"message": text, "type": kind, "code": r.code, "fbtrace_id": trace}
	if r.subcode != 0 {
		body["error_subcode"] = r.subcode
	}
	if r.transient || r.code == 2 {
		body["is_transient"] = true
	}
	if r.title != "" {
		body["error_user_title"] = r.title
	}
	if r.advice != "" {
		body["error_user_msg"] = r.advice
	}
	return map[string]any{"error": body}
}

// challenge is the WWW-Authenticate header of a token fault, or empty.
func (r *refusal) challenge() string {
	if r.auth == "" {
		return ""
	}
	text := strings.NewReplacer(`"`, `'`, "\n", " ").Replace(r.text)
	return fmt.Sprintf(`OAuth "Facebook Platform" %q "%s"`, r.auth, text)
}
