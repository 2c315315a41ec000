// Package file writes files whole: whoever reads one meanwhile, or after the machine has stopped half way, finds the
// old text or the new one. It knows nothing of what is in them. No API of the host is promised.
package file

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Permissions of files that were not there before.
const (
	open   fs.FileMode = 0o644
	hidden fs.FileMode = 0o600
)

// Replace gives a file new content. One that is there keeps its permissions, and a link goes on pointing to it.
func Replace(path string, content []byte) error {
	path, mode := target(path)
	if mode == 0 {
		mode = open
	}
	return put(path, content, mode)
}

// Hide is Replace for secrets: afterwards only the owner of the file can read it, whoever could before.
func Hide(path string, content []byte) error {
	path, _ = target(path)
	return put(path, content, hidden)
}

// target is the file that a path leads to, and its permissions if it is there.
func target(path string) (string, fs.FileMode) {
	if to, err := filepath.EvalSymlinks(path); err == nil {
		path = to
	}
	info, err := os.Stat(path)
	if err != nil {
		return path, 0 // it is made anew, or cannot be written either
	}
	return path, info.Mode().Perm()
}

func put(path string, content []byte, mode fs.FileMode) error {
	fresh, err := os.CreateTemp(filepath.Dir(path), ".footlight-*") // of nobody else's permissions
	if err != nil {
		return err
	}
	_, err = fresh.Write(content)
	if err == nil {
		err = errors.Join(fresh.Chmod(mode), fresh.Sync())
	}
	if err = errors.Join(err, fresh.Close()); err == nil {
		err = os.Rename(fresh.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(fresh.Name()))
	}
	return nil
}
