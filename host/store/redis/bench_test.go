package redis_test

import (
	"testing"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/redis"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
	"github.com/footlight-bots/footlight/host/store/storetest"
)

func BenchmarkStore(b *testing.B) {
	for name, pool := range map[string]bool{"together": false, "pool": true} {
		b.Run(name, func(b *testing.B) {
			storetest.Bench(b, func(b *testing.B) store.Store {
				return open(b, redis.Options{URL: redistest.Start(b), Pool: pool})
			})
		})
	}
}
