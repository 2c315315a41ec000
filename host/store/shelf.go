package store

import (
	"errors"
	"fmt"
)

// Shelf is where a plug-in keeps values for all people of a Page.
type Shelf struct{ Page, Plugin string }

// ErrFull is wrapped by the error of a value for which its shelf has no room.
var ErrFull = errors.New("shelf is full")

const (
	// MaxValueKey is the most bytes of the key of a value.
	MaxValueKey = 256
	// MaxValue is the most bytes of a value.
	MaxValue = 16 << 10
	// MaxValues is how many values a shelf holds.
	MaxValues = 1000
)

// Check tells what is wrong with a shelf.
func (s Shelf) Check() error {
	if err := CheckName("page", s.Page); err != nil {
		return err
	}
	return CheckName("plug-in", s.Plugin)
}

// CheckValue tells what is wrong with a shelf, with a key, and with a value for it.
func (s Shelf) CheckValue(key string, value []byte) error {
	if err := s.Check(); err != nil {
		return err
	}
	if key == "" {
		return errors.New("key is empty")
	}
	if len(key) > MaxValueKey {
		return fmt.Errorf("key has %d bytes, at most %d are allowed", len(key), MaxValueKey)
	}
	if len(value) > MaxValue {
		return fmt.Errorf("value has %d bytes, at most %d are allowed", len(value), MaxValue)
	}
	return nil
}
