package shell

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/footlight-bots/footlight/host/app"
)

// HostFile is the file with the host's settings, in the folder where a command runs.
const HostFile = "footlight.toml"

// setting is one setting of the host, wherever it may come from: flag, then
// environment, then footlight.toml, then the default.
type setting struct {
	env     string
	key     string // in footlight.toml; for a secret the key that names a file
	secret  bool
	value   func(*app.Config) *string
	defines string // for --help; a default in brackets
}

var settings = [...]setting{
	{"FOOTLIGHT_APP_SECRET", "app_secret_file", true, func(c *app.Config) *string { return &c.Page.AppSecret }, "the app's secret (required)"},
	{"FOOTLIGHT_VERIFY_TOKEN", "verify_token_file", true, func(c *app.Config) *string { return &c.Page.VerifyToken }, "the webhook's verify token (required)"},
	{"FOOTLIGHT_PAGE_TOKEN", "page_token_file", true, func(c *app.Config) *string { return &c.Page.PageToken }, "the Page's access token (required)"},
	{"FOOTLIGHT_PAGE_ID", "page_id", false, func(c *app.Config) *string { return &c.Page.ID }, "answer for this Page only"},
	{"FOOTLIGHT_APP_ID", "app_id", false, func(c *app.Config) *string { return &c.Page.AppID }, "id of the Meta app"},
	{"FOOTLIGHT_ADDR", "addr", false, func(c *app.Config) *string { return &c.Addr }, "listen address (" + app.DefaultAddr + ")"},
	{"FOOTLIGHT_STORE", "store", false, func(c *app.Config) *string { return &c.Store }, "bolt:PATH, or redis://… (" + app.DefaultStore + ")"},
	{"FOOTLIGHT_BOT", "bot", false, func(c *app.Config) *string { return &c.Bot }, "which published bot to play (the only one)"},
	{"FOOTLIGHT_PUBLISHERS", "publishers", false, func(c *app.Config) *string { return &c.Publishers }, "keys of those whose versions are played"},
	{"FOOTLIGHT_GRAPH_URL", "graph_url", false, func(c *app.Config) *string { return &c.GraphURL }, "base of the Graph API (Meta's)"},
	{"FOOTLIGHT_GRAPH_VERSION", "graph_version", false, func(c *app.Config) *string { return &c.GraphVersion }, "version of the Graph API (the current one)"},
	{"FOOTLIGHT_PUBLIC_URL", "public_url", false, func(c *app.Config) *string { return &c.PublicURL }, "our address in the world (as callbacks name it)"},
	{"FOOTLIGHT_REORDER", "reorder", false, func(c *app.Config) *string { return &c.Reorder }, "wait for messages that are late, 0 to 300ms (100ms)"},
	{"FOOTLIGHT_SENDS_PER_SECOND", "sends_per_second", false, func(c *app.Config) *string { return &c.SendsPerSecond }, "messages a second of this host (300)"},
	{"FOOTLIGHT_MEDIA_FOR", "media_for", false, func(c *app.Config) *string { return &c.MediaFor }, "uploaded media are used again for, or off (24h)"},
	{"FOOTLIGHT_HUMAN_FOR", "human_for", false, func(c *app.Config) *string { return &c.HumanFor }, "silence after a human's last word (1h)"},
	{"FOOTLIGHT_HUMAN_WORD", "human_word", false, func(c *app.Config) *string { return &c.HumanWord }, "with it a human gives the bot the word again"},
	{"FOOTLIGHT_FALLBACK", "fallback", false, func(c *app.Config) *string { return &c.Fallback }, "said when no answer comes, or off (an excuse)"},
	{"FOOTLIGHT_HEALTH_EVERY", "health_every", false, func(c *app.Config) *string { return &c.HealthEvery }, "looks whether Meta lets the bot work, or off (10m)"},
	{"FOOTLIGHT_IDLE_AFTER", "idle_after", false, func(c *app.Config) *string { return &c.IdleAfter }, "of several bots idle ones rest after, or off (15m)"},
	{"FOOTLIGHT_MAX_LOADED", "max_loaded", false, func(c *app.Config) *string { return &c.MaxLoaded }, "of several bots so many stay loaded when idle (200)"},
	{"FOOTLIGHT_KEEP_DAYS", "keep_days", false, func(c *app.Config) *string { return &c.KeepDays }, "forget people after so many days of rest (never)"},
	{"FOOTLIGHT_LOG_TEXTS", "log_texts", false, func(c *app.Config) *string { return &c.LogTexts }, "yes: log ids of people and texts (no)"},
	{"FOOTLIGHT_HTTP_PRIVATE", "http_private", false, func(c *app.Config) *string { return &c.HTTPPrivate }, "allow: scripts may ask hosts in private networks"},
	{"FOOTLIGHT_CONSOLE_ADDR", "console_addr", false, func(c *app.Config) *string { return &c.ConsoleAddr }, "console of footlight dev, or off (" + app.DefaultConsoleAddr + ")"},
	{"FOOTLIGHT_CONSOLE_TOKEN", "console_token_file", true, func(c *app.Config) *string { return &c.ConsoleToken }, "lets other machines use that console"},
}

// ApplySettings fills what no flag has set: from the environment, where NAME_FILE may
// name a file that holds a secret, then from footlight.toml in dir.
func ApplySettings(c *app.Config, getenv func(string) string, dir string) error {
	file, err := readHostFile(filepath.Join(dir, HostFile))
	if err != nil {
		return err
	}
	for _, s := range settings {
		target := s.value(c)
		if *target != "" {
			continue
		}
		if *target = getenv(s.env); *target != "" {
			continue
		}
		if !s.secret {
			*target = file.values[s.key]
			continue
		}
		name, path := s.env+"_FILE", getenv(s.env+"_FILE")
		if path == "" {
			name, path = s.key, file.values[s.key]
		}
		if *target, err = ReadSecret(name, path); err != nil {
			return err
		}
	}
	return nil
}

// ReadSecret reads the file that a setting names for a secret.
func ReadSecret(setting, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", setting, err)
	}
	secret := strings.TrimSpace(string(data))
	if secret == "" {
		return "", fmt.Errorf("%s: %s is empty", setting, path)
	}
	return secret, nil
}

// hostFile is what footlight.toml says.
type hostFile struct {
	values      map[string]string // by key
	apps, pages []table           // [[app]] and [[page]]
}

// readHostFile reads footlight.toml; a missing file has no settings. Secrets do
// not belong in it: it names the files that hold them.
func readHostFile(path string) (out hostFile, err error) {
	out.values = map[string]string{}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return out, fmt.Errorf("settings: %w", err)
	}
	var file map[string]any
	var syntax toml.ParseError
	if err := toml.Unmarshal(data, &file); errors.As(err, &syntax) {
		return out, fmt.Errorf("%s: %s", path, syntax.ErrorWithUsage())
	} else if err != nil {
		return out, fmt.Errorf("%s: %w", path, err)
	}
	for _, t := range []struct {
		kind string
		keys []string
		into *[]table
	}{{"app", appKeys, &out.apps}, {"page", pageKeys, &out.pages}} {
		if value, there := file[t.kind]; there {
			list, fault := tables(path, string(data), t.kind, t.keys, value)
			*t.into, err = list, errors.Join(err, fault)
			delete(file, t.kind)
		}
	}
	if err != nil {
		return out, err
	}
	for key, value := range file {
		text, isText := textOf(value)
		if !known(key) {
			if known(key + "_file") {
				return out, fmt.Errorf("%s: %s is a secret: write it to a file of its own and name that with %s_file", path, key, key)
			}
			return out, fmt.Errorf("%s: setting %q is not known; the settings are %s", path, key, keys())
		}
		if !isText {
			return out, fmt.Errorf("%s: %s must be a text in quotes, a whole number, true or false", path, key)
		}
		out.values[key] = text
	}
	return out, nil
}

// textOf is a setting as it would stand in the environment.
func textOf(value any) (text string, ok bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

func known(key string) bool {
	for _, s := range settings {
		if s.key == key {
			return true
		}
	}
	return false
}

func keys() string {
	var names []string
	for _, s := range settings {
		names = append(names, s.key)
	}
	return strings.Join(names, ", ") + ", and the tables [[app]] and [[page]]"
}

// SettingsHelp is a line for each setting.
func SettingsHelp() string {
	var b strings.Builder
	for _, s := range settings {
		_, _ = fmt.Fprintf(&b, "  %-26s %s\n", s.env, s.defines)
	}
	return b.String()
}
