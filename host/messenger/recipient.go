package messenger

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// The platform tells of some people without a page-scoped id: who ticked a checkbox, who
// comments on a post of the Page, who posts on it. They can be written to all the same. As a
// person's id they bear the name of the kind, a dot, and what the platform calls them by, in the
// letters that a store takes.
const (
	byCheckbox = "user_ref"   // until they answer
	byComment  = "comment_id" // one private reply to each comment (messenger.md section 3.7)
	byPost     = "post_id"    // and to each post of a visitor
)

// strangers are the kinds of ids by the names that stand before the dot.
var strangers = map[string]string{"checkbox": byCheckbox, "comment": byComment, "post": byPost}

// Checkbox is the id of whoever ticked the checkbox of that user_ref.
func Checkbox(userRef string) string { return stranger("checkbox", userRef) }

func stranger(name, id string) string {
	return name + "." + base64.RawURLEncoding.EncodeToString([]byte(id))
}

// called is what the platform calls a person by, and whether that is no page-scoped id.
func called(person string) (kind, id string, strange bool) {
	name, code, _ := strings.Cut(person, ".")
	raw, err := base64.RawURLEncoding.DecodeString(code)
	if kind, ok := strangers[name]; ok && err == nil {
		return kind, string(raw), true
	}
	return "id", person, false
}

// recipient is a person as the Send API wants them named.
func recipient(person string) json.RawMessage {
	kind, id, _ := called(person)
	quoted, _ := json.Marshal(id) // a string can always be
	return slices.Concat([]byte(`{"`), []byte(kind), []byte(`":`), quoted, []byte(`}`))
}

// Scoped tells whether a person has a page-scoped id. Who has none has no profile, and no
// conversation that could be read back.
func Scoped(person string) bool {
	_, _, strange := called(person)
	return !strange
}

// Once tells whether a person can be told one thing only: the private reply to what they
// wrote in public.
func Once(person string) bool {
	kind, _, _ := called(person)
	return kind == byComment || kind == byPost
}

// WindowOf is how long a person can be written to after their last action.
func WindowOf(person string) time.Duration {
	if Once(person) {
		return PrivateReply
	}
	return Window
}
