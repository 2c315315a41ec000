package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Durability tells in sentences what of the acknowledged work the server, by its settings, may
// lose. None means: nothing but the disk itself. An error means that no server could be asked.
func (s *Store) Durability(ctx context.Context) ([]string, error) {
	cluster, ok := s.client.(*redis.ClusterClient)
	if !ok {
		told, err := durability(ctx, s.client)
		return told, tell("ask for durability", err)
	}
	var mu sync.Mutex
	var all []string
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		told, err := durability(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		for _, sentence := range told {
			all = append(all, node.Options().Addr+": "+sentence)
		}
		return err
	})
	slices.Sort(all)
	return all, tell("ask for durability", err)
}

// durability asks one server.
func durability(ctx context.Context, node redis.Cmdable) ([]string, error) {
	var told []string
	settings := map[string]string{}
	for _, name := range []string{
		"maxmemory", "maxmemory-policy", "appendonly", "appendfsync",
		"min-replicas-to-write", "cluster-enabled", "cluster-require-full-coverage",
	} {
		got, err := node.ConfigGet(ctx, name).Result()
		if refused(err) {
			return []string{"The server does not show its settings (CONFIG GET is refused). See to it that it has " +
				"maxmemory-policy noeviction and appendonly yes, or acknowledged messages can be lost."}, nil
		}
		if err != nil {
			return nil, err
		}
		settings[name] = got[name]
	}
	if policy := settings["maxmemory-policy"]; policy != "noeviction" {
		sentence := fmt.Sprintf("When memory is full the server throws away waiting messages and people's state "+
			"(maxmemory-policy is %s): set it to noeviction.", policy)
		if settings["maxmemory"] == "0" {
			sentence = fmt.Sprintf("Should a memory limit be set, the server would throw away waiting messages and people's "+
				"state (maxmemory-policy is %s): set it to noeviction.", policy)
		}
		told = append(told, sentence)
	}
	switch fsync := settings["appendfsync"]; {
	case settings["appendonly"] != "yes":
		told = append(told, "A crash or restart of the server loses what came since its last snapshot, or everything "+
			"(appendonly is off): set appendonly to yes.")
	case fsync == "everysec":
		told = append(told, "A power cut at the server loses up to about a second of acknowledged messages (appendfsync is everysec): "+
			"set it to always where that matters.")
	case fsync != "always":
		told = append(told, fmt.Sprintf("A power cut at the server loses as much as its system had not written yet, often half a minute "+
			"(appendfsync is %s): set it to everysec or always.", fsync))
	}
	info, err := node.Info(ctx, "replication").Result()
	if err != nil && !refused(err) {
		return nil, err
	}
	return append(told, succession(info, settings)...), nil
}

// succession tells what happens when another server takes a master's place, or none can.
func succession(info string, settings map[string]string) (told []string) {
	cluster := settings["cluster-enabled"] == "yes"
	switch {
	case strings.Contains(info, "role:slave"):
		return []string{"The server is a replica and takes no writes: name its master in the URL."}
	case !strings.Contains(info, "role:master"):
		return nil // it does not tell
	case strings.Contains(info, "connected_slaves:0"):
		if cluster && settings["cluster-require-full-coverage"] == "yes" {
			told = append(told, "While this node is away the whole Cluster refuses work, for everybody, because no replica can take "+
				"its place (cluster-require-full-coverage is yes): give it a replica, or set that to no.")
		}
		return told
	}
	told = append(told, "When a replica takes over it may lack the last writes that were acknowledged, because replication "+
		"does not wait: a message of that moment can be lost or answered twice.")
	if !cluster && settings["min-replicas-to-write"] == "0" {
		told = append(told, "A master that is cut off from its replica goes on taking messages, which are lost when the replica "+
			"takes over (min-replicas-to-write is 0): set it to 1.")
	}
	return told
}

// refused tells whether the server was reached but would not answer.
func refused(err error) bool {
	var refusal redis.Error
	return errors.As(err, &refusal)
}
