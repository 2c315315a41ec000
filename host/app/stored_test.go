package app

import (
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
	for address, want := range map[string]string{
		"bolt:" + filepath.ToSlash(filepath.Join(dir, "none", "state.db")): "no such file",
		"redis://127.0.0.1:1": "refused",
	} {
		if _, err := StoredAt(t.Context(), address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
