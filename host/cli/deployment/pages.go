package deployment

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/cli/shell"
)

// settle finds the settings of the Page that is meant: the one of the environment, or of the tables of
// footlight.toml the one that --page names, or that plays the bot's folder.
func (f *deployFlags) settle(env shell.Environment) error {
	all, err := f.pages(env)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return shell.ApplySettings(&f.host, env.Getenv, ".")
	}
	var fit, which []string
	var chosen shell.Engagement
	for _, e := range all {
		which = append(which, e.Which())
		if f.host.Page.ID != "" && e.Host.Page.ID != f.host.Page.ID || f.host.Page.ID == "" && f.host.Dir != "" && !sameFolder(e.Host.Dir, f.host.Dir) {
			continue
		}
		fit, chosen = append(fit, e.Which()), e
	}
	switch {
	case len(fit) > 1:
		return fmt.Errorf("which Page? Name one with --page: %s", listed(fit))
	case len(fit) == 0 && f.host.Page.ID != "":
		return fmt.Errorf("%s has no [[page]] table of Page %s; it has %s", shell.HostFile, f.host.Page.ID, listed(which))
	case len(fit) == 0:
		return fmt.Errorf("no [[page]] table of %s plays %s: name the Page with --page, or add a table; there are %s", shell.HostFile, f.host.Dir, listed(which))
	}
	dir := f.host.Dir
	f.host, f.places = chosen.Host, chosen.Places
	if dir != "" {
		f.host.Dir = dir
	}
	return nil
}

// pages are the Pages of the tables, with what the flags say.
func (f *deployFlags) pages(env shell.Environment) ([]shell.Engagement, error) {
	c := f.host
	c.Page = app.Page{} // flags say which of the tables is meant
	return shell.Engagements(c, env.Getenv, ".")
}

// maxListed is how many Pages are named to choose from.
const maxListed = 8

func listed(pages []string) string {
	if more := len(pages) - maxListed; more > 0 {
		return strings.Join(pages[:maxListed], ", ") + fmt.Sprintf(", and %d more", more)
	}
	return strings.Join(pages, ", ")
}

// sameFolder tells whether two paths are of one folder.
func sameFolder(a, b string) bool {
	one, err := filepath.Abs(a)
	two, fault := filepath.Abs(b)
	return a != "" && err == nil && fault == nil && one == two
}

// vault is where secrets of the Page are kept.
func (f *deployFlags) vault(env shell.Environment) shell.Vault {
	return shell.Vault{Dir: ".", Getenv: env.Getenv, Places: f.places}
}

// memoryFile is where the walk of the Page is remembered.
func (f *deployFlags) memoryFile() string {
	if f.places == nil {
		return filepath.Join(shell.PrivateFolder, "deploy.json")
	}
	return filepath.Join(shell.PrivateFolder, "deploy-"+f.host.Page.ID+".json")
}
