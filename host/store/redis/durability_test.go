package redis_test

import (
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/footlight-bots/footlight/host/store/redis"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

func TestDurabilityTellsWhatCanBeLost(t *testing.T) {
	for _, c := range []struct {
		name string
		o    redistest.Options
		want []string // what the sentences say, in order
	}{
		{"all is well", redistest.Options{AppendOnly: true}, nil},
		{"no append-only file", redistest.Options{}, []string{"appendonly is off"}},
		{"written every second", redistest.Options{Args: []string{"--appendonly", "yes"}}, []string{"appendfsync is everysec"}},
		{"written some time", redistest.Options{Args: []string{"--appendonly", "yes", "--appendfsync", "no"}}, []string{"appendfsync is no"}},
		{"keys are thrown away", redistest.Options{AppendOnly: true, Args: []string{"--maxmemory", "90mb", "--maxmemory-policy", "allkeys-lru"}}, []string{"When memory is full"}},
		{"keys would be thrown away", redistest.Options{AppendOnly: true, Args: []string{"--maxmemory-policy", "allkeys-lru"}}, []string{"Should a memory limit be set"}},
		{"settings are not shown", redistest.Options{Args: []string{"--rename-command", "CONFIG", ""}}, []string{"does not show its settings"}},
		{"a cluster", redistest.Options{Cluster: true}, []string{"127.0.0.1:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, redis.Options{URL: redistest.New(t, c.o).URL()})
			got, err := s.Durability(t.Context())
			if err != nil || len(got) != len(c.want) {
				t.Fatalf("told %q, %v; want %q", got, err, c.want)
			}
			for i, want := range c.want {
				if !strings.Contains(got[i], want) || !strings.HasSuffix(got[i], ".") {
					t.Errorf("told %q, want a sentence that says %q", got[i], want)
				}
			}
		})
	}
}

func TestDurabilityOfAReplicatedServer(t *testing.T) {
	master := redistest.New(t, redistest.Options{AppendOnly: true})
	host, port, _ := strings.Cut(master.Addr(), ":")
	replica := redistest.New(t, redistest.Options{Args: []string{"--replicaof", host + " " + port, "--replica-read-only", "no"}})
	s := open(t, redis.Options{URL: replica.URL(), Prefix: "r"})
	got, err := s.Durability(t.Context())
	if err != nil || !strings.Contains(strings.Join(got, " "), "is a replica") {
		t.Errorf("told %q, %v", got, err)
	}
}

func TestDurabilityOfAServerThatCannotTell(t *testing.T) {
	s := open(t, redis.Options{URL: "redis://" + miniredis.RunT(t).Addr()})
	got, err := s.Durability(t.Context())
	if err != nil || len(got) != 1 {
		t.Errorf("told %q, %v", got, err)
	}
}
