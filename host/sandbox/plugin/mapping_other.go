//go:build !linux

package plugin

import (
	"errors"

	"github.com/tetratelabs/wazero/experimental"
)

// mapping is an image that instances map; this system has none, and they copy.
type mapping struct{}

func mapImage([]byte) (*mapping, error) { return nil, errors.ErrUnsupported }

func (m *mapping) close() error { return nil }

// region is the memory of an instance that maps its image.
type region struct{}

func newRegion() *region { return nil }

func (r *region) allocate(uint64, uint64) experimental.LinearMemory { return r }

// Reallocate implements experimental.LinearMemory.
func (r *region) Reallocate(uint64) []byte { return nil }

// Free implements experimental.LinearMemory.
func (r *region) Free() {}

func (r *region) restore(*mapping, []byte) error { return errors.ErrUnsupported }

func (r *region) watch() {}

func (r *region) lookAway() {}

func (r *region) watchEnds() {}
