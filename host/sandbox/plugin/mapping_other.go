//go:build !linux

package plugin

import (
	"context"
	"errors"
)

// mapping is an image that instances map; this system has none, and they copy.
type mapping struct{}

func mapImage([]byte) (*mapping, error) { return nil, errors.ErrUnsupported }

func (m *mapping) close() error { return nil }

// region is the memory of an instance that maps its image.
type region struct{}

func newRegion() *region { return nil }

// On changes nothing.
func (r *region) On(ctx context.Context) context.Context { return ctx }

func (r *region) restore(*mapping, []byte) error { return errors.ErrUnsupported }

func (r *region) watch() {}

func (r *region) lookAway() {}

func (r *region) watchEnds() {}
