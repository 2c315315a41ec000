package direction

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/fetch"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// Limits of what can be granted.
const (
	// MaxResponse is the length of an answer of the network, in bytes.
	MaxResponse = 10 << 20
	// defaultResponse is what it is when nothing is said.
	defaultResponse = fetch.DefaultMaxBody
)

// everything stands for all variables that are not the host's.
const everything = "*"

// Grants are what the owner of a bot lets a plug-in do: the table [plugins.NAME] of
// bot.toml. The zero Grants let it compute.
type Grants struct {
	Grant     []string       `toml:"grant"`     // capabilities that are granted as a whole
	Hosts     []string       `toml:"hosts"`     // in the forms of fetch.Config
	Secrets   []string       `toml:"secrets"`   // by name
	Read      []string       `toml:"read"`      // variables of the person; "*" for all but those with _
	Write     []string       `toml:"write"`     // the same
	Config    map[string]any `toml:"config"`    // settings for the plug-in: texts, numbers, true or false
	Time      string         `toml:"time"`      // of a call, such as "500ms"; empty: what the manifest says
	Memory    string         `toml:"memory"`    // such as "4MiB"; empty: what the manifest says
	Response  string         `toml:"response"`  // longest answer of the network, such as "64KiB"; empty: 1 MiB
	Stateless bool           `toml:"stateless"` // the plug-in is believed when it says that its calls leave nothing behind

	all bool // everything is granted: it is the host's own
}

// Check says what is wrong with the grants.
func (g Grants) Check() error {
	for _, name := range g.Grant {
		c, known := abi.CapabilityNamed(name)
		if !known {
			return fmt.Errorf("grant: %q is no capability; there are %s", name, strings.Join(grantable(), ", "))
		}
		if c.Items != "" {
			return fmt.Errorf("grant: %s is granted one by one: write %s", name, exampleOf(c))
		}
	}
	for _, name := range g.Secrets {
		if !isSecret(name) {
			return fmt.Errorf("secrets: %q is no name of a secret: capital letters, digits and _", name)
		}
	}
	for _, name := range slices.Concat(g.Read, g.Write) {
		if strings.TrimSpace(name) == "" {
			return errors.New("read and write: a name is empty")
		}
	}
	for _, name := range g.Write {
		if strings.HasPrefix(name, "_") || name == "topic" {
			return fmt.Errorf("write: %s belongs to the host and cannot be set", name)
		}
	}
	for name, value := range g.Config {
		if _, ok := configText(value); !ok {
			return fmt.Errorf("config.%s is a list or a table; write a text, a number, true or false", name)
		}
	}
	if _, err := g.client(false); err != nil {
		return fmt.Errorf("hosts: %w", err)
	}
	return g.limits()
}

// limits checks the sizes and the time.
func (g Grants) limits() error {
	if _, err := g.time(MaxTime); err != nil {
		return fmt.Errorf("time: %w", err)
	}
	if _, err := sizeWithin(g.Memory, MaxMemory, MaxMemory); err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	if _, err := sizeWithin(g.Response, defaultResponse, MaxResponse); err != nil {
		return fmt.Errorf("response: %w", err)
	}
	return nil
}

// has tells whether a capability is granted, as a whole or in part.
func (g Grants) has(capability string) bool {
	if g.all {
		return true
	}
	switch capability {
	case abi.CapHTTP:
		return len(g.Hosts) > 0
	case abi.CapSecret:
		return len(g.Secrets) > 0
	case abi.CapConfig: // they are the plug-in's own: what the owner has not written is just empty
		return true
	case abi.CapRead:
		return len(g.Read) > 0
	case abi.CapWrite:
		return len(g.Write) > 0
	}
	return slices.Contains(g.Grant, capability)
}

// covers tells whether one item of a capability is granted.
func (g Grants) covers(capability, item string) bool {
	if g.all {
		return true
	}
	switch capability {
	case abi.CapHTTP:
		client, err := g.client(false)
		return slices.Contains(g.Hosts, item) || err == nil && client != nil && client.Granted(withScheme(item))
	case abi.CapSecret:
		return slices.Contains(g.Secrets, item)
	case abi.CapConfig:
		return true
	case abi.CapRead:
		return named(g.Read, item)
	case abi.CapWrite:
		return named(g.Write, item)
	}
	return slices.Contains(g.Grant, capability)
}

// named tells whether a variable is in a list; those of the host have to be named.
func named(list []string, name string) bool {
	return slices.Contains(list, name) || slices.Contains(list, everything) && !strings.HasPrefix(name, "_")
}

func withScheme(host string) string {
	if strings.Contains(host, "://") {
		return host
	}
	return "https://" + host
}

// client is the guarded client for the granted hosts; nil without any.
func (g Grants) client(private bool) (*fetch.Client, error) {
	if len(g.Hosts) == 0 {
		return nil, nil
	}
	most, err := sizeWithin(g.Response, defaultResponse, MaxResponse)
	if err != nil {
		return nil, err
	}
	return fetch.New(fetch.Config{Hosts: g.Hosts, AllowPrivate: private, MaxBody: int64(most)})
}

// time is how long a call may take.
func (g Grants) time(asked time.Duration) (time.Duration, error) {
	if g.Time == "" {
		return asked, nil
	}
	d, err := time.ParseDuration(g.Time)
	if err != nil || d < time.Millisecond || d > MaxTime {
		return 0, fmt.Errorf("%q is no time from 1ms to %s, such as 500ms", g.Time, MaxTime)
	}
	return min(d, asked), nil
}

// sizes are the units of sizes.
var sizes = []struct {
	unit  string
	bytes int
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"B", 1}}

// sizeWithin reads a size such as "64KiB"; nothing is otherwise.
func sizeWithin(text string, otherwise, most int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	for _, s := range sizes {
		digits, ok := strings.CutSuffix(text, s.unit)
		if !ok {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(digits))
		if err != nil || n < 1 || n > most/s.bytes {
			break
		}
		return n * s.bytes, nil
	}
	return 0, fmt.Errorf("%q is no size up to %d MiB, such as 64KiB or 1MiB", text, most>>20)
}

// configText is a setting as the plug-in reads it.
func configText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool, int64, float64:
		return fmt.Sprint(v), true
	}
	return "", false
}

// isSecret tells whether a text is the name of a secret.
func isSecret(name string) bool {
	return name != "" && strings.IndexFunc(name, func(r rune) bool { return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) < 0
}

// grantable are the capabilities that stand in the list grant.
func grantable() []string {
	var names []string
	for _, c := range abi.Capabilities {
		if c.Items == "" {
			names = append(names, c.Name)
		}
	}
	return names
}

// exampleOf is how a capability is granted.
func exampleOf(c abi.Capability, items ...string) string {
	if c.Items == "" {
		return fmt.Sprintf("grant = [%q]", c.Name)
	}
	if c.Name == abi.CapConfig {
		if len(items) == 0 {
			items = []string{"name"}
		}
		return fmt.Sprintf(`config = {%s = "…"}`, strings.Join(items, ` = "…", `))
	}
	if len(items) == 0 {
		return c.Setting + ` = ["…"]`
	}
	quoted := make([]string, len(items))
	for i, item := range items {
		quoted[i] = strconv.Quote(item)
	}
	return c.Setting + " = [" + strings.Join(quoted, ", ") + "]"
}

// missing is what a plug-in wants and does not get.
func (g Grants) missing(wants []Want) []Want {
	var out []Want
	for _, w := range wants {
		if len(w.Items) == 0 {
			if !g.has(w.Capability) {
				out = append(out, w)
			}
			continue
		}
		var items []string
		for _, item := range w.Items {
			if !g.covers(w.Capability, item) {
				items = append(items, item)
			}
		}
		if len(items) > 0 {
			out = append(out, Want{Capability: w.Capability, Items: items, Reason: w.Reason})
		}
	}
	return out
}

// GrantAll are grants of all that is wanted, settings excepted, which have values.
func GrantAll(wants []Want) Grants {
	var g Grants
	for _, w := range wants {
		switch w.Capability {
		case abi.CapHTTP:
			g.Hosts = append(g.Hosts, w.Items...)
		case abi.CapSecret:
			g.Secrets = append(g.Secrets, w.Items...)
		case abi.CapRead:
			g.Read = append(g.Read, w.Items...)
		case abi.CapWrite:
			g.Write = append(g.Write, w.Items...)
		case abi.CapConfig:
		default:
			g.Grant = append(g.Grant, w.Capability)
		}
	}
	return g
}
