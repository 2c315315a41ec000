package bolt_test

import (
	"path/filepath"
	"testing"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
	"github.com/footlight-bots/footlight/host/store/storetest"
)

func TestLaws(t *testing.T) {
	storetest.Run(t, storetest.Options{
		Open: func(t testing.TB) store.Store { return open(t, filepath.Join(t.TempDir(), "state.db")) },
		Dump: func(_ testing.TB, s store.Store) []string { return s.(*bolt.Store).Dump() },
	})
}
