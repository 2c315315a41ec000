//go:build linux || darwin

package app

import (
	"fmt"
	"syscall"
)

// freeSpace is how many bytes are free on the disk of a folder, for whoever is not its owner.
func freeSpace(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("store: disk of %s: %w", dir, err)
	}
	return s.Bavail * uint64(s.Bsize), nil
}
