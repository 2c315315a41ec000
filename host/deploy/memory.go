package deploy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/footlight-bots/footlight/host/file"
	"github.com/footlight-bots/footlight/host/foyer"
)

// Memory is what is remembered of a walk, so that the next one can go on, and so that a
// bot can be taken off its Page. It holds no secret.
type Memory struct {
	Page    string           `json:"page,omitempty"`    // its id; what follows is about it
	Ours    []foyer.Property `json:"ours,omitempty"`    // what the Page shows by our doing
	Said    time.Time        `json:"said,omitzero"`     // when a test message was sent
	Stopped string           `json:"stopped,omitempty"` // id of the check at which the last walk stopped
	At      time.Time        `json:"at,omitzero"`       // when that was
}

// Recall reads the memory of a file; without the file there is none.
func Recall(path string) (Memory, error) {
	var m Memory
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m, nil
	case err != nil:
		return m, fmt.Errorf("memory of deploy: %w", err)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return Memory{}, fmt.Errorf("memory of deploy: %s: %w; remove the file to begin anew", path, err)
	}
	return m, nil
}

// Keep writes the memory to a file, whole or not at all.
func (m Memory) Keep(path string) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = file.Hide(path, append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("memory of deploy: %w", err)
	}
	return nil
}

// Of is what the memory knows of a Page: nothing, if it is about another. An empty id is
// any Page.
func (m Memory) Of(page string) Memory {
	if page != "" && m.Page != page {
		return Memory{}
	}
	return m
}
