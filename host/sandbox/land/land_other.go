//go:build !linux

package land

import "context"

// On has the machine that begins with the context lie on land; this system has none.
func On(ctx context.Context) context.Context { return ctx }
