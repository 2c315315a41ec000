package app

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/footlight-bots/footlight/host/release"
)

// published tells whether the host plays anything that is published, and not only folders.
func (c Config) published() bool {
	return slices.ContainsFunc(c.engaged().Bookings, func(b Booking) bool { return b.Dir == "" })
}

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

// hostName tells this host from others on the same store.
func (h *Host) hostName() string {
	name, err := os.Hostname()
	if err != nil {
		name = "host"
	}
	return name + " " + h.Addr()
}

// Playing says what is played by which order, as the rest of a sentence; empty where folders are served.
func (h *Host) Playing() string { return h.plays[0].playing() }
