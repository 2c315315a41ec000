package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/server"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
	"github.com/footlight-bots/footlight/host/store/redis"
)

// doorstepMode is the first argument with which stopwatch is its own child: the accept
// path of a host, on the store that the second one names, and nothing behind it.
const doorstepMode = "doorstep"

// nobody has no bots: the doorstep takes no turns.
type nobody struct{}

// Bot implements delivery.Bots.
func (nobody) Bot(string) (delivery.Bot, bool) { return nil, false }

// serveDoorstep takes webhooks as a host does: the host's own server, its own inbox,
// its own store. It tells its address on out and serves until in ends.
func serveDoorstep(address string, in io.Reader, out io.Writer) (err error) {
	ctx := context.Background()
	var kept store.Store
	if path, ok := strings.CutPrefix(address, "bolt:"); ok {
		kept, err = bolt.Open(bolt.Options{Path: filepath.FromSlash(path)})
	} else {
		kept, err = redis.Open(ctx, redis.Options{URL: address})
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	inbox, err := delivery.New(delivery.Config{
		Store: kept, Bots: nobody{},
		Clients: func(string) (delivery.Client, bool) { return nil, false },
	})
	if err != nil {
		return err
	}
	web, err := server.New(server.Config{
		Apps:  []server.App{{Secret: appSecret, VerifyToken: verifyToken}},
		Inbox: inbox, Clock: clock.Real{}, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- web.Serve(l) }()
	announce(out, l)
	_, _ = io.Copy(io.Discard, in)
	return errors.Join(web.Shutdown(ctx), <-served)
}

// announce tells where webhooks are taken, as footlight serve does.
func announce(out io.Writer, l net.Listener) {
	_, _ = fmt.Fprintf(out, "  webhook   http://%s/webhook\n", l.Addr())
}
