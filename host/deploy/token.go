package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

// expiryWarning is how long before its end a token is warned of.
const expiryWarning = 14 * 24 * time.Hour

const cureExpiry = "Run footlight deploy with a fresh user token (FOOTLIGHT_USER_TOKEN): it makes a Page token that does not expire."

func lookToken(ctx context.Context, r *round) Finding {
	if r.UserToken != "" && r.PageToken == "" {
		f := broken("there is a user token, and no Page token yet", "The bot speaks as the Page, so it needs the Page's own token.", "footlight deploy makes one of the user token.")
		f.Plan = []string{"exchange the user token for a long-lived one", "get a token of the Page that does not expire, and keep it in a file that only you can read"}
		return f
	}
	if r.PageToken == "" {
		return broken("there is no Page token", "The bot cannot answer without.", "Run footlight deploy: it gets one.")
	}
	registry, err := r.graph()
	if err != nil {
		return refused(err)
	}
	if r.token, err = registry.Inspect(ctx, r.PageToken); err != nil {
		return refused(err)
	}
	f := r.judgeToken()
	switch {
	case f.State == Fine:
	case r.UserToken != "":
		f.Plan = []string{"exchange the user token for a long-lived one", "get a new token of the Page, and keep it in a file that only you can read"}
	case f.State == Broken:
		f.Plan, f.asks = tokenPlan(), true
	}
	return f
}

// tokenPlan is the plan of who needs a token that nobody has given yet.
func tokenPlan() []string {
	return []string{"ask for a fresh user token", "get a new token of the Page, and keep it in a file that only you can read"}
}

// judgeToken says what the platform's account of the Page token means.
func (r *round) judgeToken() Finding {
	t := r.token
	switch {
	case !t.Valid:
		return refused(&messenger.APIError{Op: "inspect token", Status: 400, Code: max(t.Code, 190), Subcode: t.Subcode})
	case t.App != r.AppID:
		return broken("the token was made for app "+t.App+", not for "+r.AppID, "Calls with it speak for another app.", "Choose the right app when you make the token, or set FOOTLIGHT_APP_ID and FOOTLIGHT_APP_SECRET of that one.")
	case t.Kind == messenger.KindUser || t.Kind == messenger.KindSystem:
		whose := map[string]string{messenger.KindUser: "user token", messenger.KindSystem: "token of a system user"}[t.Kind]
		f := broken("this is a "+whose+", not a Page token", "It speaks for whoever manages the Page. Messenger wants the Page's own.", "Give it as FOOTLIGHT_USER_TOKEN instead of FOOTLIGHT_PAGE_TOKEN: footlight deploy then makes the Page token of it.")
		f.Code = "2500"
		return f
	case t.Kind != messenger.KindPage:
		f := broken(fmt.Sprintf("this is a token of kind %q, not a Page token", t.Kind), "It speaks for no Page, so every call about a Page is refused.", "Make a user token in the Graph API Explorer, and give it as FOOTLIGHT_USER_TOKEN: footlight deploy makes the Page token of it.")
		f.Code = "2500"
		return f
	case r.elsewhere(t):
		return r.astray(t)
	}
	if r.PageID == "" {
		r.adopt(t.Page, r.PageToken)
	}
	now := r.Clock.Now()
	for _, end := range []struct {
		at   time.Time
		what string
	}{{t.Expires, "the token"}, {t.Access, "access to people's data"}} {
		if !end.at.IsZero() && end.at.Sub(now) < expiryWarning {
			return warning(fmt.Sprintf("%s ends on %s", end.what, end.at.UTC().Format("2 January 2006 15:04 UTC")), "After that Meta refuses every message.", cureExpiry)
		}
	}
	if t.Expires.IsZero() {
		return fine("a Page token that does not expire")
	}
	return fine("a Page token, until %s", t.Expires.UTC().Format("2 January 2006"))
}

// elsewhere tells whether a Page token is of another Page than the one that is meant.
func (r *round) elsewhere(t messenger.Token) bool {
	return r.PageID != "" && t.Page != "" && t.Page != r.PageID
}

// astray is the finding of a token that is elsewhere.
func (r *round) astray(t messenger.Token) Finding {
	return broken("the token belongs to Page "+t.Page+", not to "+r.PageID, "The bot would speak on another Page, or not at all.", "Set FOOTLIGHT_PAGE_ID to the token's Page, or get the right token with footlight deploy.")
}

// mendToken makes a Page token of a user token, which it asks for where there is none.
func mendToken(ctx context.Context, r *round, g Guide) error {
	if r.UserToken == "" {
		if err := r.learn(g, []lack{r.authority()}); err != nil {
			return err
		}
	}
	registry, err := r.graph()
	if err != nil {
		return err
	}
	told, err := registry.Inspect(ctx, r.UserToken)
	switch {
	case err != nil:
		return err
	case !told.Valid:
		return &messenger.APIError{Op: "inspect user token", Status: 400, Code: max(told.Code, 190), Subcode: told.Subcode}
	case told.Kind == messenger.KindPage && r.elsewhere(told):
		return &advised{r.astray(told)}
	case told.Kind == messenger.KindPage:
		r.adopt(told.Page, r.UserToken)
		r.secrets[NamePageToken], r.secrets[NamePageID] = r.UserToken, told.Page
		return nil
	case told.Kind != messenger.KindUser && told.Kind != messenger.KindSystem:
		return &advised{broken("this is a token of kind "+told.Kind+", neither a user's nor a Page's", "No Page token can be made of it.", "In the Graph API Explorer choose User Token, then Generate Access Token.")}
	}
	if gone := told.Lacks(messenger.PermissionList); len(gone) > 0 {
		return &advised{lacking(gone)}
	}
	long := r.UserToken
	if told.Kind == messenger.KindUser { // a system user's lasts as it is
		if long, err = registry.Exchange(ctx, r.UserToken); err != nil {
			return err
		}
	}
	client, err := r.asUser(long)
	if err != nil {
		return err
	}
	pages, err := client.Pages(ctx)
	if err != nil {
		return err
	}
	chosen, err := r.choose(pages, g)
	if err != nil {
		return err
	}
	for _, task := range []string{messenger.TaskMessaging, messenger.TaskModerate} {
		if !slices.Contains(chosen.Tasks, task) {
			return &advised{roleless(fmt.Sprintf("you lack the task %s on the Page %q", task, chosen.Name))}
		}
	}
	r.adopt(chosen.ID, chosen.Token)
	r.spent = true
	r.secrets[NamePageToken], r.secrets[NamePageID] = chosen.Token, chosen.ID
	return nil
}

// roleless is the finding of somebody who may not speak for the Page.
func roleless(found string) Finding {
	f := broken(found, "Whoever connects a Page needs full control of it. A personal profile is no Page, and can have no bot.",
		"Let the Page's owner give you full control (Page settings, Page access), or make a Page of your own. Then make a new user token.")
	f.Code = "190/492"
	return f
}

// lacking is the finding of permissions that are not there.
func lacking(gone []string) Finding {
	f := broken("missing: "+strings.Join(gone, ", "), "Meta lets the bot do only what was granted when the token was made.",
		"In the Graph API Explorer add "+strings.Join(gone, ", ")+", generate the token again, agree to everything in Meta's dialogue, and run footlight deploy with it.")
	f.Code = "200"
	if slices.Contains(gone, messenger.PermissionMessaging) {
		f.Code = "230"
	}
	return f
}

// choose picks the Page that is meant.
func (r *round) choose(pages []messenger.Owned, g Guide) (messenger.Owned, error) {
	named := func(id string) int {
		return slices.IndexFunc(pages, func(p messenger.Owned) bool { return p.ID == id })
	}
	var list []string
	for _, p := range pages {
		list = append(list, fmt.Sprintf("%s (%s)", p.Name, p.ID))
	}
	switch {
	case len(pages) == 0:
		return messenger.Owned{}, &advised{roleless("you have no role on any Page")}
	case r.PageID != "":
		if i := named(r.PageID); i >= 0 {
			return pages[i], nil
		}
		return messenger.Owned{}, &advised{roleless("you have no role on Page " + r.PageID + "; your Pages are " + strings.Join(list, ", "))}
	case len(pages) == 1:
		return pages[0], nil
	}
	answer, err := g.Ask(Question{Name: NamePageID, What: "the Page", Where: "one of " + strings.Join(list, ", ") + "; type its id"})
	if errors.Is(err, ErrNobody) {
		return messenger.Owned{}, &advised{broken("you have several Pages: "+strings.Join(list, ", "), "The bot answers for one of them.", "Name it with --page, or set FOOTLIGHT_PAGE_ID.")}
	}
	if err != nil {
		return messenger.Owned{}, err
	}
	if i := named(strings.TrimSpace(answer)); i >= 0 {
		return pages[i], nil
	}
	return messenger.Owned{}, fmt.Errorf("there is no Page %q among yours", strings.TrimSpace(answer))
}

// advised is an error that is a finding.
type advised struct{ finding Finding }

// Error implements error.
func (a *advised) Error() string { return a.finding.Found }

// findingOf is the finding of an error that mending met.
func findingOf(err error) Finding {
	var known *advised
	if errors.As(err, &known) {
		return known.finding
	}
	var refusal *messenger.APIError
	var lost *messenger.TransportError
	if errors.As(err, &refusal) || errors.As(err, &lost) {
		return refused(err)
	}
	return broken(err.Error(), "", "")
}

func lookPermissions(_ context.Context, r *round) Finding {
	if gone := r.token.Lacks(messenger.PermissionMessaging, messenger.PermissionMetadata); len(gone) > 0 {
		f := lacking(gone)
		f.Plan, f.asks = tokenPlan(), r.spent || r.UserToken == ""
		return f
	}
	return fine("%s, %s", messenger.PermissionMessaging, messenger.PermissionMetadata)
}

// mendPermissions makes the Page token anew of a user token that has not been used yet:
// what was granted when a token was made is all that it may ever do.
func mendPermissions(ctx context.Context, r *round, g Guide) (err error) {
	if r.spent {
		r.UserToken = ""
	}
	if err := mendToken(ctx, r, g); err != nil {
		return err
	}
	r.token, err = r.registry.Inspect(ctx, r.PageToken)
	return err
}

func lookPage(ctx context.Context, r *round) Finding {
	client, err := r.onPage()
	if err == nil {
		r.page, err = client.About(ctx)
	}
	if err != nil {
		return refused(err)
	}
	if !r.page.Published {
		f := broken(fmt.Sprintf("%q is not published", r.page.Name), "People cannot see the Page, and Messenger sends them nothing. Meta also unpublishes Pages that rest for long.", "Publish it: Page settings, Privacy, Page visibility.")
		f.Code = "551"
		return f
	}
	return fine("%q (%s), published", r.page.Name, r.page.ID)
}
