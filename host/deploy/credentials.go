package deploy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

// The names of what a walk may be told or find out, as settings of the host.
const (
	NameAppID       = "FOOTLIGHT_APP_ID"
	NameAppSecret   = "FOOTLIGHT_APP_SECRET"
	NameVerifyToken = "FOOTLIGHT_VERIFY_TOKEN"
	NamePageID      = "FOOTLIGHT_PAGE_ID"
	NamePageToken   = "FOOTLIGHT_PAGE_TOKEN"
	NameUserToken   = "FOOTLIGHT_USER_TOKEN"
	NamePublicURL   = "FOOTLIGHT_PUBLIC_URL"
)

// lack is a setting that is missing.
type lack struct {
	name, what, where string
	secret            bool
	target            *string
}

// question is how a lack is asked for.
func (l lack) question() Question {
	return Question{Name: l.name, What: l.what, Where: l.where, Secret: l.secret}
}

// identity is what an app is known by.
func (r *round) identity() []lack {
	return []lack{
		{NameAppID, "the app's id", "developers.facebook.com, your app, App settings, Basic: App ID", false, &r.AppID},
		{NameAppSecret, "the app's secret", "the same page: App secret, Show", true, &r.AppSecret},
	}
}

// authority is what Page tokens are made of.
func (r *round) authority() lack {
	return lack{NameUserToken, "a user token", "developers.facebook.com/tools/explorer: choose your app, add the permissions pages_show_list, pages_messaging and pages_manage_metadata, then Generate Access Token", true, &r.UserToken}
}

// lacks are the settings without which nothing can be set up.
func (r *round) lacks() []lack {
	all := append(r.identity(), lack{NamePublicURL, "the address at which the world reaches this host", "your server's https address, or that of a tunnel to this machine, as in https://bot.example", false, &r.Public})
	if r.PageToken == "" {
		all = append(all, r.authority())
	}
	var out []lack
	for _, l := range all {
		if *l.target == "" {
			out = append(out, l)
		}
	}
	return out
}

func lookCredentials(_ context.Context, r *round) Finding {
	missing := r.lacks()
	if len(missing) == 0 {
		if fault := r.publicFault(); fault != "" {
			return broken(NamePublicURL+" "+fault, "Meta calls the host at this address.", "Write the beginning of an https address, as in https://bot.example.")
		}
		return fine("app %s, %s", r.AppID, r.callback())
	}
	var names, where []string
	for _, l := range missing {
		names = append(names, l.what+" ("+l.name+")")
		where = append(where, l.name+": "+l.where)
	}
	f := broken("missing: "+strings.Join(names, ", "), "Without them nobody can speak for your app and Page.",
		strings.Join(where, ". ")+". Set each in the environment; a secret may lie in a file that NAME_FILE names.")
	f.Plan = []string{"ask for what is missing, and keep it in files that only you can read"}
	return f
}

// publicFault says what is wrong with the public address; empty: nothing.
func (r *round) publicFault() string {
	u, err := url.Parse(r.Public)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http":
		return "is not the beginning of a web address"
	case u.Scheme == "http" && (r.GraphURL == "" || r.GraphURL == messenger.DefaultGraphURL):
		return "begins with http: Meta calls https addresses only"
	}
	return ""
}

// mendCredentials asks for what is missing.
func mendCredentials(_ context.Context, r *round, g Guide) error {
	return r.learn(g, r.lacks())
}

// learn asks for settings one after another.
func (r *round) learn(g Guide, list []lack) error {
	for _, l := range list {
		answer, err := g.Ask(l.question())
		if err != nil {
			return err
		}
		*l.target = strings.TrimSpace(answer)
		if *l.target == "" {
			return fmt.Errorf("%s is still missing", l.what)
		}
		if l.name != NameUserToken { // it lives an hour, and is needed once
			r.secrets[l.name] = *l.target
		}
	}
	return nil
}

func lookVerifyToken(_ context.Context, r *round) Finding {
	if r.VerifyToken != "" {
		return fine("it is set")
	}
	f := broken("there is none ("+NameVerifyToken+")", "Meta and the host recognise each other by this word when the callback is set up.", "Run footlight deploy: it makes one up. Or set any word of your own.")
	f.Plan = []string{"make one up, and keep it in a file that only you can read"}
	return f
}

func mendVerifyToken(_ context.Context, r *round, _ Guide) error {
	r.VerifyToken = rand.Text()
	r.secrets[NameVerifyToken] = r.VerifyToken
	return nil
}

func lookScripts(ctx context.Context, r *round) Finding {
	if r.Scripts == nil {
		return skipped("no folder of a bot was named")
	}
	switch faults, err := r.Scripts(ctx); {
	case err != nil:
		return broken(err.Error(), "The bot cannot be built, so it has nothing to say.", "Mend it; footlight check shows it in full.")
	case faults > 0:
		return broken(fmt.Sprintf("%d errors in the scripts", faults), "A host keeps what people write until the scripts are mended, and goes on with the last good version if it has one.", "Run footlight check with the bot's folder: it shows each with its line.")
	}
	return fine("no errors")
}

func lookApp(ctx context.Context, r *round) Finding {
	registry, err := r.graph()
	if err == nil {
		r.app, err = registry.Name(ctx)
	}
	var refusal *messenger.APIError
	switch {
	case errors.As(err, &refusal) && (refusal.Code == 101 || refusal.Code == 190): // an app's token is its id and secret
		f := refused(&messenger.APIError{Op: refusal.Op, Status: refusal.Status, Code: 101})
		f.Found = "Meta does not know app " + r.AppID + " with this secret"
		f.Plan = []string{"ask for the app's id and secret again, and keep them instead"}
		f.asks = true
		return f
	case err != nil:
		return refused(err)
	}
	return fine("%q, app %s", r.app, r.AppID)
}

// mendApp asks for the app anew. Nothing has been asked of the Page yet.
func mendApp(_ context.Context, r *round, g Guide) error {
	if err := r.learn(g, r.identity()); err != nil {
		return err
	}
	r.registry.Close()
	r.registry = nil
	return nil
}

// versionWarning is how long before the end of a Graph version it is warned of.
const versionWarning = 60 * 24 * time.Hour

func lookVersion(_ context.Context, r *round) Finding {
	end, ok := messenger.VersionEnd(r.GraphVersion)
	day := end.Format("2 January 2006")
	const cure = "Take graph_version out of footlight.toml, and FOOTLIGHT_GRAPH_VERSION out of the environment: the host then speaks the version it was made for."
	switch now := r.Clock.Now(); {
	case !ok:
		return fine("%s", r.GraphVersion)
	case !now.Before(end):
		return warning(fmt.Sprintf("%s ended on %s", r.GraphVersion, day), "Meta answers as a newer version, which may mean other things than the host expects.", cure)
	case end.Sub(now) < versionWarning:
		return warning(fmt.Sprintf("%s ends on %s", r.GraphVersion, day), "After that day Meta answers as a newer version.", cure)
	}
	return fine("%s, until %s", r.GraphVersion, day)
}
