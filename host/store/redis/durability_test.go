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
	t.Parallel()
	for _, c := range []struct {
		name string
		args []string
		want []string // what is told of the master
	}{
		{"one that is not waited for", nil, []string{"may lack the last writes", "min-replicas-to-write is 0"}},
		{"one that must be there", []string{"--min-replicas-to-write", "1"}, []string{"may lack the last writes"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			master := redistest.New(t, redistest.Options{AppendOnly: true, Args: c.args})
			replica := master.Replica()
			told := func(url string) []string {
				t.Helper()
				got, err := open(t, redis.Options{URL: url, Prefix: "r"}).Durability(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return got
			}
			got := told(master.URL())
			for i, want := range c.want {
				if len(got) != len(c.want) || !strings.Contains(got[i], want) {
					t.Fatalf("told %q of the master, want %q", got, c.want)
				}
			}
			if got := told(replica.URL()); !strings.Contains(strings.Join(got, " "), "is a replica") {
				t.Errorf("told %q of the replica", got)
			}
		})
	}
}

func TestDurabilityOfACluster(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		o    redistest.Options
		want string // of each of the two nodes
	}{
		{"all or nothing", redistest.Options{AppendOnly: true}, "cluster-require-full-coverage is yes"},
		{"each for itself", redistest.Options{AppendOnly: true, Args: []string{"--cluster-require-full-coverage", "no"}}, ""},
		{"no append-only file", redistest.Options{Args: []string{"--cluster-require-full-coverage", "no"}}, "appendonly is off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cluster := redistest.NewCluster(t, 2, c.o)
			s := open(t, redis.Options{URL: cluster.URL()})
			got, err := s.Durability(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" {
				if len(got) != 0 {
					t.Errorf("told %q, want nothing", got)
				}
				return
			}
			all := strings.Join(got, "\n")
			for _, node := range cluster.Nodes {
				if !strings.Contains(all, node.Addr()+": ") || strings.Count(all, c.want) != len(cluster.Nodes) {
					t.Errorf("told %q, want %q of %s", got, c.want, node.Addr())
				}
			}
		})
	}
}

func TestDurabilityOfAServerThatCannotTell(t *testing.T) {
	s := open(t, redis.Options{URL: "redis://" + miniredis.RunT(t).Addr()})
	got, err := s.Durability(t.Context())
	if err != nil || len(got) != 1 {
		t.Errorf("told %q, %v", got, err)
	}
}
