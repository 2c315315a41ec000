// Package node is how Graph tells of what a platform has: Pages, people, personas,
// tokens, conversations and their messages, cut down to the fields that a call wants.
//
// It reads the state and changes nothing but what time itself does to a thread. Whether
// a call may know is for its caller to say, but for the fields that need a permission.
// No API of the host is promised.
package node

import (
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Category is the category of every Page.
const Category = "Local service"

// Pick is of all what the fields name, or otherwise does where they name nothing. A
// field that does not exist is refused; kind is the type of the node in that answer.
func Pick(all map[string]any, fields selection.Fields, kind string, otherwise ...string) (map[string]any, *refusal.Refusal) {
	out, unknown := fields.Pick(all, otherwise...)
	if unknown != "" {
		return nil, missing(unknown, kind)
	}
	return out, nil
}

func missing(field, kind string) *refusal.Refusal {
	return refusal.New(100, 0, "Tried accessing nonexisting field (%s) on node type (%s)", field, kind)
}

// Persona is a persona of a Page.
func Persona(p *state.Persona) map[string]any {
	return map[string]any{"id": p.ID, "name": p.Name, "profile_picture_url": p.Picture}
}

// Label is a custom label of a Page.
func Label(l state.Label) map[string]any {
	return map[string]any{"id": l.ID, "page_label_name": l.Name}
}

// Page is a Page with the fields of those names; without any, its id and name.
func Page(p world.Page, names []string) (map[string]any, *refusal.Refusal) {
	all := map[string]any{
		"id": p.ID, "name": p.Name, "is_published": !p.Unpublished, "category": Category,
		"link": "https://www.facebook.com/" + p.ID,
	}
	if len(names) == 0 {
		names = []string{"id", "name"}
	}
	out := map[string]any{"id": p.ID}
	for _, name := range names {
		v, ok := all[name]
		if !ok {
			return nil, missing(name, "Page")
		}
		out[name] = v
	}
	return out, nil
}

// ProfileAccess is the permission to ask for names and pictures.
const ProfileAccess = "business_asset_user_profile_access"

// personFields are what GET /{psid} can tell, with the permission that a field needs.
var personFields = map[string]string{
	"id": "", "name": ProfileAccess, "first_name": ProfileAccess, "last_name": ProfileAccess, "profile_pic": ProfileAccess,
	"locale": "pages_user_locale", "timezone": "pages_user_timezone", "gender": "pages_user_gender",
}

// Person is what the User Profile API tells of a person (emulator.md §4.4) to an app
// with those permissions. The address of their picture counts from now on. listedUnder is the
// switch of that name.
func Person(who *state.Person, names, permissions []string, listedUnder int, now time.Time) (map[string]any, *refusal.Refusal) {
	all := map[string]any{
		"id": who.ID, "name": who.FullName(), "first_name": who.FirstName, "last_name": who.LastName,
		"profile_pic": who.PictureAt(now), "locale": who.Locale, "timezone": who.Timezone, "gender": who.Gender,
	}
	if len(names) == 0 {
		names = []string{"first_name", "last_name", "profile_pic"}
	}
	out := map[string]any{"id": who.ID}
	for _, name := range names {
		permission, ok := personFields[name]
		if !ok {
			return nil, missing(name, "MessengerUser")
		}
		if permission != "" && !slices.Contains(permissions, permission) {
			return nil, refusal.Listed(listedUnder, 2018247, "Insufficient permission to access user profile.")
		}
		if v := all[name]; v != "" {
			out[name] = v
		}
	}
	return out, nil
}

// Scoped is an id of somebody with the Page or app in which it means them.
func Scoped(id, kind, name, scope string) map[string]any {
	return map[string]any{"id": id, kind: map[string]any{"id": scope, "name": name, "category": Category}}
}
