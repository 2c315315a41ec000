// Command gen writes what is made from abi.json: the constants of the host and of the
// guest libraries, and the reference page. It is run in the folder of abi.json, and
// writes to the folders beside it. With -check it writes nothing and says which files
// are not as it would write them.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail when a file is out of date")
	flag.Parse()
	if err := run(".", *check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run makes all files from the abi.json of a folder.
func run(folder string, check bool) error {
	c, err := read(filepath.Join(folder, "abi.json"))
	if err != nil {
		return err
	}
	var stale []string
	for _, o := range outputs {
		text, err := o.render(c)
		if err != nil {
			return fmt.Errorf("%s: %w", o.path, err)
		}
		path := filepath.Join(folder, filepath.FromSlash(o.path))
		old, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if o.within {
			if text, err = splice(string(old), text); err != nil {
				return fmt.Errorf("%s: %w", o.path, err)
			}
		}
		switch {
		case bytes.Equal(old, []byte(text)):
		case check:
			stale = append(stale, o.path)
		default:
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				return err
			}
		}
	}
	if len(stale) > 0 {
		return fmt.Errorf("not as abi.json says: %s; run make gen", strings.Join(stale, ", "))
	}
	return nil
}

// The lines between which the generated part of a file stands that is written by hand
// otherwise.
const (
	partBegins = "/* Generated from sdk/abi/abi.json: begin */\n"
	partEnds   = "/* Generated from sdk/abi/abi.json: end */\n"
)

// splice puts the generated part where it belongs in a file.
func splice(file, part string) (string, error) {
	if file == "" {
		return partBegins + part + partEnds, nil
	}
	before, rest, begins := strings.Cut(file, partBegins)
	_, after, ends := strings.Cut(rest, partEnds)
	if !begins || !ends {
		return "", fmt.Errorf("the lines %q and %q are missing", strings.TrimSpace(partBegins), strings.TrimSpace(partEnds))
	}
	return before + partBegins + part + partEnds + after, nil
}
