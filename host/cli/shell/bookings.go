package shell

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/app"
)

// References to secrets, as they stand in footlight.toml in the place of the secret.
const (
	fromEnvironment = "env:"
	fromFile        = "file:"
)

// What the tables [[app]] and [[page]] hold.
var (
	appKeys  = []string{"id", "secret", "verify_token"}
	pageKeys = []string{"id", "dir", "bot", "token", "app", "human_for", "human_word", "fallback", "sends_per_second"}
	secrets  = []string{"secret", "verify_token", "token"} // of them
)

// table is one of the tables [[app]] and [[page]].
type table struct {
	where  string            // in footlight.toml
	values map[string]string // of secrets: where they lie
	found  map[string]string // secrets
	absent map[string]error  // of secrets that are not there: where they should be
}

// ApplyBookings adds the apps and Pages of the tables [[app]] and [[page]] of footlight.toml in dir,
// with the secrets that they refer to; without such tables c stays as it is. All faults are told
// at once, each with its line, and never a secret.
func ApplyBookings(c *app.Config, getenv func(string) string, dir string) error {
	file, err := readBookings(c, getenv, dir)
	errs := []error{err}
	for _, t := range slices.Concat(file.apps, file.pages) {
		errs = append(errs, t.missing())
	}
	return errors.Join(errs...)
}

// readBookings is ApplyBookings that leaves empty what is not there yet.
func readBookings(c *app.Config, getenv func(string) string, dir string) (hostFile, error) {
	path := filepath.Join(dir, HostFile)
	file, err := readHostFile(path)
	if err != nil || len(file.apps)+len(file.pages) == 0 {
		return file, err
	}
	errs := []error{file.clashes(path, c)}
	if len(file.apps) > 0 {
		c.Apps = nil
	} else {
		c.Apps = []app.App{{Where: "FOOTLIGHT_APP_ID", ID: c.Page.AppID, Secret: c.Page.AppSecret, VerifyToken: c.Page.VerifyToken}}
	}
	for _, t := range file.apps {
		errs = append(errs, t.resolve(getenv, dir))
		c.Apps = append(c.Apps, app.App{Where: t.where, ID: t.values["id"], Secret: t.found["secret"], VerifyToken: t.found["verify_token"]})
	}
	c.Bookings = nil
	for _, t := range file.pages {
		errs = append(errs, t.resolve(getenv, dir))
		b := app.Booking{
			Where: t.where, Page: t.values["id"], Token: t.found["token"], App: t.values["app"], Dir: t.values["dir"], Bot: t.values["bot"],
			HumanFor: t.values["human_for"], HumanWord: t.values["human_word"], Fallback: t.values["fallback"], SendsPerSecond: t.values["sends_per_second"],
		}
		if b.Dir != "" && !filepath.IsAbs(b.Dir) {
			b.Dir = filepath.Join(dir, filepath.FromSlash(b.Dir))
		}
		if b.App == "" && len(c.Apps) == 1 {
			b.App = c.Apps[0].ID
		}
		c.Bookings = append(c.Bookings, b)
	}
	c.Page = app.Page{}
	return file, errors.Join(errs...)
}

// clashes tells what cannot stand beside the tables, and what they need.
func (f hostFile) clashes(path string, c *app.Config) error {
	var errs []error
	if len(f.pages) == 0 {
		errs = append(errs, fmt.Errorf("%s: an app without Pages: name each Page, and its bot, with a [[page]] table", f.apps[0].where))
	}
	if c.Page.ID != "" || c.Page.PageToken != "" {
		errs = append(errs, fmt.Errorf("%s: it has [[page]] tables, and FOOTLIGHT_PAGE_ID or FOOTLIGHT_PAGE_TOKEN (page_id, page_token_file) is set as well: give that Page a table like the others, or take the tables out", path))
	}
	switch meta := c.Page; {
	case len(f.apps) == 0 && (meta.AppID == "" || meta.AppSecret == "" || meta.VerifyToken == ""):
		errs = append(errs, fmt.Errorf("%s: it names no app: write an [[app]] table with id, secret and verify_token, or set FOOTLIGHT_APP_ID, FOOTLIGHT_APP_SECRET and FOOTLIGHT_VERIFY_TOKEN", path))
	case len(f.apps) > 0 && (meta.AppID != "" || meta.AppSecret != "" || meta.VerifyToken != ""):
		errs = append(errs, fmt.Errorf("%s: it has [[app]] tables, and FOOTLIGHT_APP_ID, FOOTLIGHT_APP_SECRET or FOOTLIGHT_VERIFY_TOKEN is set as well: give that app a table like the others, or take the tables out", path))
	}
	return errors.Join(errs...)
}

// resolve finds the secrets that the table refers to.
func (t table) resolve(getenv func(string) string, dir string) error {
	var errs []error
	for _, key := range secrets {
		reference, there := t.values[key]
		if !there {
			continue
		}
		secret, err := lookUp(key, reference, getenv, dir)
		if errors.Is(err, errAbsent) || errors.Is(err, fs.ErrNotExist) {
			t.absent[key] = fmt.Errorf("%s: %w", t.where, err)
		} else if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", t.where, err))
		}
		t.found[key] = secret
	}
	return errors.Join(errs...)
}

// missing are the secrets that are not there.
func (t table) missing() error {
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(t.absent)) {
		errs = append(errs, t.absent[key])
	}
	return errors.Join(errs...)
}

// errAbsent is the error of a variable that holds nothing.
var errAbsent = errors.New("is not set in the environment")

// lookUp finds the secret that a reference names.
func lookUp(key, reference string, getenv func(string) string, dir string) (string, error) {
	if name, ok := strings.CutPrefix(reference, fromEnvironment); ok {
		secret := getenv(name)
		if secret == "" {
			return "", fmt.Errorf("%s: %s %w", key, name, errAbsent)
		}
		return secret, nil
	}
	path, ok := strings.CutPrefix(reference, fromFile)
	if !ok || path == "" { // not repeated: it may be the secret itself
		return "", fmt.Errorf(`%s must say where the secret lies: %q, or %q; a secret itself does not belong into this file (if it stood here, get a new one)`,
			key, fromEnvironment+"NAME_OF_A_VARIABLE", fromFile+"path/of/a/file")
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, filepath.FromSlash(path))
	}
	return ReadSecret(key, path)
}

// tables reads the tables of a kind, where they stand in the text.
func tables(path, text, kind string, keys []string, value any) ([]table, error) {
	list, ok := value.([]map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: %s is a list of tables: write [[%s]] on a line of its own, and its settings below", path, kind, kind)
	}
	lines := headers(text, kind)
	var out []table
	var errs []error
	for i, values := range list {
		t := table{where: fmt.Sprintf("%s: %s %d", path, kind, i+1), values: map[string]string{}, found: map[string]string{}, absent: map[string]error{}}
		if len(lines) == len(list) {
			t.where = fmt.Sprintf("%s:%d: %s", path, lines[i], kind)
		}
		if id, ok := textOf(values["id"]); ok && id != "" {
			t.where += " " + id
		}
		for key, value := range values {
			text, isText := textOf(value)
			switch {
			case !slices.Contains(keys, key):
				errs = append(errs, fmt.Errorf("%s: setting %q is not known; the settings of [[%s]] are %s", t.where, key, kind, strings.Join(keys, ", ")))
			case !isText:
				errs = append(errs, fmt.Errorf("%s: %s must be a text in quotes, a whole number, true or false", t.where, key))
			}
			t.values[key] = text
		}
		out = append(out, t)
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return out, errors.Join(errs...)
}

// headers are the numbers of the lines where tables of a kind begin.
func headers(text, kind string) []int {
	header := regexp.MustCompile(`^\s*\[\[\s*["']?` + kind + `["']?\s*\]\]\s*(#.*)?$`)
	var lines []int
	for i, line := range strings.Split(text, "\n") {
		if header.MatchString(strings.TrimRight(line, "\r")) {
			lines = append(lines, i+1)
		}
	}
	return lines
}
