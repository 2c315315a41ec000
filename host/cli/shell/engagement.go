package shell

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/app"
)

// Engagement is a Page of the tables of footlight.toml, as if the host served it alone.
type Engagement struct {
	Host app.Config
	// Places are the settings that the tables hold, by the names of the environment: for a secret
	// the file where a new one is kept; for the others an empty text.
	Places map[string]string
}

// Engagements are the Pages of the tables [[page]] of footlight.toml in dir, on top of what flags
// have set in c; none without such tables. A secret that is not there yet is empty: a
// deployment is about to find it.
func Engagements(c app.Config, getenv func(string) string, dir string) ([]Engagement, error) {
	if err := ApplySettings(&c, getenv, dir); err != nil {
		return nil, err
	}
	if file, err := readHostFile(filepath.Join(dir, HostFile)); err != nil || len(file.pages) == 0 {
		return nil, err
	}
	file, err := readBookings(&c, getenv, dir)
	if err != nil {
		return nil, err
	}
	out := make([]Engagement, len(c.Bookings))
	for i, b := range c.Bookings {
		one := c
		one.Apps, one.Bookings = nil, nil
		one.Dir, one.Bot = b.Dir, b.Bot
		for _, own := range []struct {
			value string
			into  *string
		}{{b.HumanFor, &one.HumanFor}, {b.HumanWord, &one.HumanWord}, {b.Fallback, &one.Fallback}, {b.SendsPerSecond, &one.SendsPerSecond}} {
			if own.value != "" {
				*own.into = own.value
			}
		}
		one.Page = app.Page{ID: b.Page, PageToken: b.Token, AppID: b.App}
		places := map[string]string{"FOOTLIGHT_PAGE_ID": "", "FOOTLIGHT_PAGE_TOKEN": place(file.pages[i], "token", "page-token-"+b.Page)}
		if n := slices.IndexFunc(c.Apps, func(a app.App) bool { return a.ID == b.App }); n >= 0 {
			one.Page.AppSecret, one.Page.VerifyToken = c.Apps[n].Secret, c.Apps[n].VerifyToken
			if len(file.apps) > 0 {
				places["FOOTLIGHT_APP_ID"] = ""
				places["FOOTLIGHT_APP_SECRET"] = place(file.apps[n], "secret", "app-secret-"+b.App)
				places["FOOTLIGHT_VERIFY_TOKEN"] = place(file.apps[n], "verify_token", "verify-token-"+b.App)
			}
		}
		out[i] = Engagement{one, places}
	}
	return out, nil
}

// place is the file of a secret: the one that the table names, or one of that name among ours.
func place(t table, key, name string) string {
	if path, ok := strings.CutPrefix(t.values[key], fromFile); ok && path != "" {
		return filepath.FromSlash(path)
	}
	return filepath.Join(PrivateFolder, name)
}

// Which tells apart the Pages of tables, for people.
func (e Engagement) Which() string {
	if e.Host.Dir != "" {
		return e.Host.Page.ID + " (" + filepath.ToSlash(e.Host.Dir) + ")"
	}
	return e.Host.Page.ID + " (" + e.Host.Bot + ")"
}
