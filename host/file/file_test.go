package file

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestReplaceAndHide(t *testing.T) {
	replace, hide := Replace, Hide
	for _, row := range []struct {
		name   string
		before fs.FileMode // 0: there is none
		write  func(string, []byte) error
		after  fs.FileMode
	}{
		{"a new file", 0, replace, 0o644},
		{"one that only its owner reads", 0o600, replace, 0o600},
		{"one that a group writes", 0o664, replace, 0o664},
		{"a new secret", 0, hide, 0o600},
		{"a secret in a file that all can read", 0o644, hide, 0o600},
	} {
		for _, linked := range []bool{false, true} {
			t.Run(row.name, func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "settings")
				if row.before != 0 {
					must(t, os.WriteFile(path, []byte("old"), 0o600))
					must(t, os.Chmod(path, row.before))
				}
				name := path
				if linked && row.before != 0 {
					name = filepath.Join(t.TempDir(), "link")
					if err := os.Symlink(path, name); err != nil {
						t.Skip("skipped: this system makes no links: ", err)
					}
				}
				must(t, row.write(name, []byte("new")))
				got, err := os.ReadFile(path)
				if err != nil || string(got) != "new" {
					t.Errorf("it holds %q, %v", got, err)
				}
				if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != row.after {
					t.Errorf("%v %v, want %v", info.Mode(), err, row.after)
				}
				if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
					t.Errorf("left in the folder: %v %v", left, err)
				}
			})
		}
	}
}

// What cannot be written leaves everything as it was, and nothing lying about.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "folder", "kept"), 0o755))
	for _, path := range []string{filepath.Join(dir, "folder"), filepath.Join(dir, "nowhere", "settings")} {
		if Replace(path, nil) == nil || Hide(path, nil) == nil {
			t.Errorf("%s was written", path)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left in the folder: %v %v", left, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
