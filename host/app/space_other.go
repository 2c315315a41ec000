//go:build !linux && !darwin

package app

import (
	"errors"
	"fmt"
)

// freeSpace is how many bytes are free on the disk of a folder. This system is not asked.
func freeSpace(dir string) (uint64, error) {
	return 0, fmt.Errorf("store: disk of %s: %w", dir, errors.ErrUnsupported)
}
