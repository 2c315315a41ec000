package draft

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// window is a Store that can be shut.
type window struct {
	papers release.Papers
	shut   error
}

func (w *window) Look(_ context.Context, do func(release.Papers) error) error {
	if w.shut != nil {
		return w.shut
	}
	return do(w.papers)
}

// TestStanding: what is known stays known while the store does not answer, and that is told; a version that the list does
// not know any more is told of as well.
func TestStanding(t *testing.T) {
	dir := t.TempDir()
	save := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "default.topic"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("+ a\n- b\n")
	s, err := bolt.Open(bolt.Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	shop := &window{papers: s}
	d, err := New(Config{Store: shop, Bot: "tea", Path: dir, Dir: os.DirFS(dir), Clock: clock.NewVirtual(time.Unix(1, 0))})
	if err != nil {
		t.Fatal(err)
	}
	look := func() Standing {
		d.read()
		d.look(t.Context())
		d.note()
		return d.Standing()
	}
	if now := look(); !now.Looked || now.Stage != nil || now.Fault != "" {
		t.Errorf("nothing is published: %+v", now)
	}
	changes, stop := d.Watch()
	defer stop()
	key, err := release.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := release.OpenLedger(s, "tea")
	if err != nil {
		t.Fatal(err)
	}
	m, err := release.Pack("tea", os.DirFS(dir), time.Unix(1, 0), "")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := release.Encode(m, os.DirFS(dir), key)
	if err != nil {
		t.Fatal(err)
	}
	v, _, err := ledger.Put(t.Context(), m, bundle, key.Public())
	if err != nil {
		t.Fatal(err)
	}
	order := func(version string) {
		t.Helper()
		if _, err := ledger.Give(t.Context(), key, time.Unix(1, 0), func(release.Order) (release.Order, error) {
			return release.Order{Stage: version, Why: release.Published}, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	order(v.ID)
	save("+ a\n- c\n")
	if now := look(); now.Stage == nil || now.Draft != nil || now.Report.String() != "~ topic default (~ a)" {
		t.Errorf("after a save: %+v", now)
	}
	<-changes
	_ = look()
	select {
	case <-changes:
		t.Error("nothing has changed, and it is told")
	default:
	}
	shop.shut = errors.New("nobody is there")
	if now := look(); now.Stage == nil || now.Fault != "nobody is there" || now.Report.Quiet() {
		t.Errorf("while the store does not answer: %+v", now)
	}
	shop.shut = nil
	order(strings.Repeat("0", 64))
	if now := look(); !strings.Contains(now.Fault, "is not kept any more") {
		t.Errorf("a version that is gone: %+v", now)
	}
	order(v.ID)
	if now := look(); now.Fault != "" || now.Stage == nil {
		t.Errorf("afterwards: %+v", now)
	}
}

// TestRun ends with its context, and leaves nothing behind.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	d, err := New(Config{Store: &window{shut: errors.New("shut")}, Bot: "tea", Path: dir, Dir: os.DirFS(dir), Clock: clock.Real{}})
	if err != nil {
		t.Fatal(err)
	}
	changes, stop := d.Watch()
	defer stop()
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	<-changes
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := New(Config{Bot: "no name"}); err == nil {
		t.Error("a name that nothing can be published under is taken")
	}
}
