package storetest

import (
	"errors"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// reporter is what expectations need of a test.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// expectEqual compares what a store gave with what it should; an empty list is as good as none.
func expectEqual[T any](t reporter, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", what, diff)
	}
}

func expectError(t reporter, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: error is %v, want %v", what, got, want)
	}
}
