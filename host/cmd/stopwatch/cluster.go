package main

import (
	"context"
	"sync"
	"sync/atomic"
)

// cluster is hosts on one Redis, with people who talk to whichever of them is there.
type cluster struct {
	*stopwatch
	platform *platform
	ways     balancer // of what the platform tells the hosts
	redis    *child
	address  string // of the store
	hosts    []*child
}

// openCluster opens a platform and a store, still without hosts.
func (s *stopwatch) openCluster(ctx context.Context) (*cluster, error) {
	c := &cluster{stopwatch: s}
	var err error
	if c.platform, err = openPlatform(ctx, onePage(s.people), &c.ways); err != nil {
		return nil, err
	}
	if c.address, c.redis, err = s.store(ctx, onRedis); err != nil {
		c.platform.close()
		return nil, err
	}
	return c, nil
}

// close ends all that was started.
func (c *cluster) close() {
	for _, h := range c.hosts {
		h.stop()
	}
	c.redis.stop()
	c.platform.close()
}

// join starts a host of the bot in a folder, or of what is published. more are settings.
func (c *cluster) join(ctx context.Context, dir string, more ...string) error {
	h, err := c.host(ctx, dir, c.address, c.platform.url, more...)
	if err == nil {
		c.hosts = append(c.hosts, h)
	}
	return err
}

// amid lets people talk for as long as life goes on, and tells what became of their messages.
func (c *cluster) amid(ctx context.Context, life func(context.Context) error) (audit, error) {
	addrs := make([]string, len(c.hosts))
	for i, h := range c.hosts {
		addrs[i] = h.addr
	}
	c.ways.serve(addrs...)
	audits := make([]audit, c.people)
	var over atomic.Bool
	var hands sync.WaitGroup
	for i := range c.people {
		hands.Go(func() { audits[i] = c.persist(ctx, c.platform.on(i), addrs, i, over.Load) })
	}
	err := life(ctx)
	over.Store(true)
	hands.Wait()
	return sum(audits), err
}
