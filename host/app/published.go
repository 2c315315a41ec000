package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/footlight-bots/footlight/host/release"
)

// published tells whether the host plays what is published, and not a folder.
func (c Config) published() bool { return c.Dir == "" }

// publishers are those whom a host that plays what is published trusts.
func (c Config) publishers() (release.Publishers, error) {
	trusted, err := release.ParsePublishers(c.Publishers)
	if err == nil && c.published() && len(trusted) == 0 {
		err = errors.New("FOOTLIGHT_PUBLISHERS is not set: without a folder a host plays what is published in its store, and only what somebody has signed " +
			"whom it trusts; footlight publish shows the key to set, and footlight serve DIR serves a folder")
	}
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	return trusted, nil
}

// openFollower begins to play what is published.
func (h *Host) openFollower(ctx context.Context) (err error) {
	c := h.config
	h.follower, err = release.NewFollower(release.FollowerConfig{
		Papers: h.store, Bot: c.Bot, Publishers: h.trusted, Player: h.troupe,
		Clock: c.Clock, Log: c.Log, Host: h.hostName(), Release: c.Release,
	})
	if err != nil {
		return err
	}
	h.follower.Look(ctx)
	return nil
}

// hostName tells this host from others on the same store.
func (h *Host) hostName() string {
	name, err := os.Hostname()
	if err != nil {
		name = "host"
	}
	return name + " " + h.Addr()
}

// Playing says what is played by which order, as the rest of a sentence; empty where a folder is served.
func (h *Host) Playing() string {
	if h.follower == nil {
		return ""
	}
	state := h.follower.State()
	text := fmt.Sprintf("; version %.10s by order %d", state.Stage, state.Order)
	if state.Canary != "" {
		text += fmt.Sprintf(", canary %.10s", state.Canary)
	}
	if state.Fault != "" {
		text += "; not as ordered: " + state.Fault
	}
	return text
}
