package app

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// The disk of a store's file is looked at without opening or making the file.
func TestStoredAt(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "state.db")
	got, err := StoredAt(t.Context(), "bolt:"+filepath.ToSlash(file))
	if err != nil || got.File != file || got.Free == 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("it has made %v", left)
	}
	file = filepath.Join(dir, "none", "yet", "state.db")
	if got, err = StoredAt(t.Context(), "bolt:"+filepath.ToSlash(file)); err != nil || got.File != file || got.Free == 0 {
		t.Errorf("the disk on which it is going to be: %+v, %v", got, err)
	}
	if _, err := NewVisit(t.Context(), "bolt:"+filepath.ToSlash(file), nil, nil); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "name another with --store") {
		t.Errorf("a visit to a store that is not there: %v", err)
	}
	if _, err := StoredAt(t.Context(), "redis://127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("a store that does not answer: %v", err)
	}
}
