package foyer

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// Limits of what a Page can show, in characters as Messenger counts them, or elements
// (messenger.md section 4.1).
const (
	MaxGreeting    = 160
	MaxMenu        = 20
	MaxMenuTitle   = 30
	MaxPayload     = 1000
	MaxIceBreakers = 4
	MaxQuestion    = 80
	MaxCommands    = 100
	MaxCommand     = 32
	MaxDescription = 64
	MaxDomains     = 50
	MaxPersonaName = 50
)

var (
	localeForm  = regexp.MustCompile(`^[a-z]{2,3}_[A-Z]{2}$`)
	commandForm = regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)
	nameForm    = regexp.MustCompile(`\{\{[^}]*\}\}`)
)

// names are what a greeting may call people by.
var names = []string{"{{user_first_name}}", "{{user_last_name}}", "{{user_full_name}}"}

// Check says everything that Messenger would refuse, one error a line, each with the
// name of its setting in bot.toml; nil: nothing.
func (p Page) Check() error {
	c := &checker{}
	c.length("page.get_started", p.GetStarted, MaxPayload)
	c.view("page", p.View)
	c.most("page.domains", "domains", len(p.Domains), MaxDomains)
	for i, d := range p.Domains {
		if !secure(d) {
			c.fault("page.domains: entry %d is %q; write the beginning of an https address, as in https://tea.example", i+1, d)
		}
	}
	for _, locale := range slices.Sorted(maps.Keys(p.Locales)) {
		name, v := "page.locales."+locale, p.Locales[locale]
		if !localeForm.MatchString(locale) {
			c.fault("%s: a locale is a language and a country, as in fr_FR", name)
		}
		c.view(name, v)
		for _, part := range []struct {
			setting string
			here    bool
			there   bool
		}{
			{"greeting", v.Greeting != "", p.Greeting != ""},
			{"menu", len(v.Menu) > 0, len(p.Menu) > 0},
			{"ice_breakers", len(v.IceBreakers) > 0, len(p.IceBreakers) > 0},
			{"commands", len(v.Commands) > 0, len(p.Commands) > 0},
		} {
			if part.here && !part.there {
				c.fault("%s.%s: there is no page.%s for everybody else; Messenger wants one", name, part.setting, part.setting)
			}
		}
	}
	return errors.Join(c.faults...)
}

// checker collects faults.
type checker struct{ faults []error }

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

func (c *checker) length(name, text string, most int) {
	if n := len(utf16.Encode([]rune(text))); n > most {
		c.fault("%s has %d characters, at most %d are allowed", name, n, most)
	}
}

func (c *checker) most(name, what string, n, most int) {
	if n > most {
		c.fault("%s: %d %s, at most %d are allowed", name, n, what, most)
	}
}

func (c *checker) view(name string, v View) {
	c.length(name+".greeting", v.Greeting, MaxGreeting)
	for _, word := range nameForm.FindAllString(v.Greeting, -1) {
		if !slices.Contains(names, word) {
			c.fault("%s.greeting: %s is not known; write %s", name, word, strings.Join(names, ", "))
		}
	}
	c.menu(name+".menu", v.Menu)
	if v.MenuOnly && len(v.Menu) == 0 {
		c.fault("%s.menu_only: there is no menu, so nobody could say anything", name)
	}
	c.most(name+".ice_breakers", "questions", len(v.IceBreakers), MaxIceBreakers)
	for i, s := range v.IceBreakers {
		at := fmt.Sprintf("%s.ice_breakers: entry %d", name, i+1)
		if strings.TrimSpace(s.Question) == "" {
			c.fault("%s needs a question", at)
		}
		c.length(at+": question", s.Question, MaxQuestion)
		c.length(at+": text", s.Text, MaxPayload)
	}
	c.most(name+".commands", "commands", len(v.Commands), MaxCommands)
	seen := map[string]bool{}
	for i, s := range v.Commands {
		at := fmt.Sprintf("%s.commands: entry %d", name, i+1)
		if !commandForm.MatchString(s.Name) || strings.TrimSpace(s.Description) == "" {
			c.fault("%s needs a name of letters, digits, _ and -, without the slash, and a description", at)
		}
		if seen[s.Name] {
			c.fault("%s: there is a command %q already", at, s.Name)
		}
		seen[s.Name] = true
		c.length(at+": name", s.Name, MaxCommand)
		c.length(at+": description", s.Description, MaxDescription)
	}
}

func (c *checker) menu(name string, items []MenuItem) {
	c.most(name, "entries", len(items), MaxMenu)
	for i, item := range items {
		at := fmt.Sprintf("%s: entry %d", name, i+1)
		if item.Title == "" || (item.Text == "") == (item.URL == "") {
			c.fault("%s needs a title, and either a text or a url", at)
			continue
		}
		c.length(at+": title", item.Title, MaxMenuTitle)
		c.length(at+": text", item.Text, MaxPayload)
		if item.URL != "" && !web(item.URL) {
			c.fault("%s: url is %q; write a whole address, as in https://tea.example/menu", at, item.URL)
		}
	}
}

// web tells whether a text is an address that a browser opens.
func web(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// secure tells whether a text is an https address.
func secure(s string) bool { return web(s) && strings.HasPrefix(s, "https://") }
