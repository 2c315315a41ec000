package redis

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// lookAround is how old may be what is known of the nodes of a Cluster: a master that died answers nobody who its successor is.
const lookAround = 5 * time.Second

// connect returns a client for what is at a URL: one server, or a Cluster. node makes that of a server, or of one of the Cluster's.
func connect(ctx context.Context, rawURL string, node func(*redis.Options) *redis.Client) (redis.UniversalClient, error) {
	u, err := parseURL(rawURL)
	if err != nil {
		return nil, err
	}
	if !u.Query().Has("addr") {
		o, err := redis.ParseURL(rawURL)
		if err != nil {
			return nil, strayed(u, err)
		}
		o.ContextTimeoutEnabled = true
		cluster, err := isCluster(ctx, *o)
		if err != nil {
			return nil, err
		}
		if !cluster {
			return node(o), nil
		}
		if o.DB != 0 {
			return nil, fmt.Errorf("a Redis Cluster has no database %d: leave it out of the URL", o.DB)
		}
	}
	o, err := redis.ParseClusterURL(rawURL)
	if err != nil {
		return nil, strayed(u, err)
	}
	o.ContextTimeoutEnabled, o.NewClient, o.ClusterStateReloadInterval = true, node, lookAround
	return redis.NewClusterClient(o), nil
}

// parseURL reads a URL. Its errors quote nothing: what is wrong may be the password.
func parseURL(rawURL string) (*url.URL, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("the URL cannot be read: write redis://user:password@host:port/db, " +
			"with %40 for @, %2F for /, %23 for #, %3A for : and %25 for % in the password")
	}
	if u.Scheme != "redis" && u.Scheme != "rediss" {
		return nil, errors.New("the URL must begin with redis:// or rediss://")
	}
	if u.Host == "" {
		return nil, errors.New("the URL names no host: write redis://host:port")
	}
	return u, nil
}

// strayed tells what is wrong with the rest of a URL, unless a password may have strayed there.
func strayed(u *url.URL, err error) error {
	if strings.Contains(u.Path+u.RawQuery+u.Fragment, "@") {
		return errors.New("the URL has an @ after the host: a password with / ? or # in it must be written with %2F, %3F and %23")
	}
	return fmt.Errorf("the URL is refused: %w", err)
}

// isCluster asks a server whether it is part of a Cluster. One that does not tell is not.
func isCluster(ctx context.Context, o redis.Options) (bool, error) {
	o.DB = 0 // a Cluster has no other
	client := redis.NewClient(&o)
	defer func() { _ = client.Close() }()
	info, err := client.Info(ctx, "cluster").Result()
	if refused(err) && !redis.HasErrorPrefix(err, "NOAUTH") && !redis.HasErrorPrefix(err, "WRONGPASS") {
		return false, nil
	}
	return strings.Contains(info, "cluster_enabled:1"), err
}
