package shell

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/footlight-bots/footlight/host/file"
)

// PrivateFolder is where a host keeps what is its own, in the folder where it runs.
const PrivateFolder = ".footlight"

// Vault keeps settings that were found out: secrets in files that only their owner can
// read, the rest in footlight.toml, whose other lines stay as they are.
type Vault struct {
	Dir    string // where the host runs
	Getenv func(string) string
	// Places are the files of secrets whose settings stand in tables; empty for a setting of a table that is no
	// secret: it stays as it is.
	Places map[string]string
}

// Keep keeps values by the names of their settings. It returns the names of those that
// the environment holds with another value: there they would win.
func (v Vault) Keep(values map[string]string) (shadowed []string, err error) {
	host := filepath.Join(v.Dir, HostFile)
	known, err := readHostFile(host)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if path, placed := v.Places[name]; placed {
			if path != "" {
				if err := v.hide(path, values[name]); err != nil {
					return nil, err
				}
			}
			continue
		}
		i := slices.IndexFunc(settings[:], func(s setting) bool { return s.env == name })
		if i < 0 {
			return nil, fmt.Errorf("%s is no setting of the host", name)
		}
		s, value := settings[i], values[name]
		if held := v.Getenv(name); held != "" && held != value {
			shadowed = append(shadowed, name)
		}
		if s.secret {
			path := v.Getenv(name + "_FILE")
			if path == "" {
				path = known.values[s.key]
			}
			fresh := path == ""
			if fresh {
				path = filepath.Join(PrivateFolder, strings.ReplaceAll(strings.TrimSuffix(s.key, "_file"), "_", "-"))
			}
			if err := v.hide(path, value); err != nil {
				return nil, err
			}
			if !fresh {
				continue
			}
			value = filepath.ToSlash(path)
		}
		if err := setLine(host, s.key, value); err != nil {
			return nil, err
		}
	}
	return shadowed, nil
}

// hide writes a secret to a file that only its owner can read, and keeps our own folder
// out of version control.
func (v Vault) hide(path, secret string) error {
	if !filepath.IsAbs(path) {
		path = filepath.Join(v.Dir, path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if own := filepath.Join(v.Dir, PrivateFolder); filepath.Dir(path) == own {
		if err := ignore(own); err != nil {
			return err
		}
	}
	return file.Hide(path, []byte(secret+"\n"))
}

// ignore tells Git to leave a folder alone.
func ignore(dir string) error {
	f, err := os.OpenFile(filepath.Join(dir, ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString("*\n")
	return errors.Join(err, f.Close())
}

// firstTable is the header of a table: what stands behind it belongs to the table.
var firstTable = regexp.MustCompile(`(?m)^[ \t]*\[`)

// setLine sets one text in a file of settings: it takes the place of the line that has it,
// or stands at the end, but before all tables. A file that cannot be read stays as it is.
func setLine(path, key, value string) error {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := whole(string(data)); err != nil { // nobody knows where a value ends in it
		return fmt.Errorf("%s cannot be changed before it is mended: %w", path, err)
	}
	line, text, tables := key+" = "+strconv.Quote(value), string(data), ""
	if at, _ := between(text, firstTable); at >= 0 {
		text, tables = text[:at], text[at:]
	}
	if from, to := between(text, regexp.MustCompile(`(?m)^[ \t]*`+key+`[ \t]*=.*$`)); from >= 0 {
		for to < len(text) && whole(text[:to]) != nil { // its value has several lines
			to++
		}
		text = text[:from] + line + text[to:]
	} else {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		text += line + "\n"
	}
	text += tables
	return file.Replace(path, []byte(text))
}

// between is where a pattern is met between two settings; -1: nowhere. Within a text or a list of several lines it means nothing.
func between(text string, pattern *regexp.Regexp) (from, to int) {
	for _, at := range pattern.FindAllStringIndex(text, -1) {
		if whole(text[:at[0]]) == nil {
			return at[0], at[1]
		}
	}
	return -1, -1
}

// whole tells why a file of settings may not end where a text of it does.
func whole(text string) error {
	var all map[string]any
	_, err := toml.Decode(text, &all)
	return err
}
