package redistest

import (
	"fmt"
	"strings"
	"testing"
)

// slots is how many hash slots the nodes of a Cluster share.
const slots = 16384

// Cluster is a running Redis Cluster.
type Cluster struct{ Nodes []*Server }

// NewCluster runs a Redis Cluster of so many masters, which share the slots evenly. Options are those of each.
func NewCluster(t testing.TB, masters int, o Options) *Cluster {
	t.Helper()
	o.Cluster = true
	c := &Cluster{}
	for i := range masters {
		s := New(t, o)
		c.Nodes = append(c.Nodes, s)
		s.tell("CLUSTER ADDSLOTSRANGE %d %d", i*slots/masters, (i+1)*slots/masters-1)
		// Of two nodes with one epoch a slot could belong to either.
		s.tell("CLUSTER SET-CONFIG-EPOCH %d", i+1)
	}
	for _, s := range c.Nodes[1:] {
		c.Nodes[0].tell("CLUSTER MEET 127.0.0.1 %s %s", s.port, s.bus)
	}
	c.Await()
	return c
}

// URL names the first node; the others are found.
func (c *Cluster) URL() string { return c.Nodes[0].URL() }

// Await waits until every node finds that all slots are served and all nodes are known.
func (c *Cluster) Await() {
	known := fmt.Sprintf("cluster_known_nodes:%d\r\n", len(c.Nodes))
	for _, s := range c.Nodes {
		s.t.Helper()
		whole := s.until(func() bool {
			info, err := s.ask("CLUSTER INFO")
			return err == nil && strings.Contains(info, "cluster_state:ok\r\n") && strings.Contains(info, known)
		})
		if !whole {
			s.t.Fatalf("the cluster does not come together:\n%s", s.log())
		}
	}
}

// tell sends a command that must be answered OK.
func (s *Server) tell(command string, args ...any) {
	s.t.Helper()
	command = fmt.Sprintf(command, args...)
	if answer, err := s.ask(command); err != nil || !strings.HasPrefix(answer, "+OK") {
		s.t.Fatalf("redis-server answers %q, %v to %s", answer, err, command)
	}
}

// Owner is the node that has a key.
func (c *Cluster) Owner(key string) *Server {
	for _, s := range c.Nodes {
		if answer, err := s.ask("EXISTS " + key); err == nil && strings.HasPrefix(answer, ":") {
			return s
		}
	}
	return nil
}

// Replica runs a replica of one of the nodes and waits until it has all its data.
func (c *Cluster) Replica(master *Server) *Server {
	master.t.Helper()
	replica := New(master.t, master.o)
	c.Nodes = append(c.Nodes, replica)
	replica.tell("CLUSTER MEET 127.0.0.1 %s %s", master.port, master.bus)
	id, err := master.ask("CLUSTER MYID")
	if err != nil {
		master.t.Fatal(err)
	}
	_, id, _ = strings.Cut(id, "\r\n")
	follows := replica.until(func() bool {
		answer, err := replica.ask("CLUSTER REPLICATE " + id)
		return err == nil && strings.HasPrefix(answer, "+OK")
	})
	if !follows {
		master.t.Fatalf("the node does not become a replica:\n%s", replica.log())
	}
	c.Await()
	return replica
}

// Succeed waits until a replica has all that its master has, kills the master and puts the replica in its place.
func (s *Server) Succeed(master *Server) {
	s.t.Helper()
	offset := func(of *Server, field string) string {
		info, err := of.ask("INFO replication")
		_, at, ok := strings.Cut(info, "\r\n"+field+":")
		if err != nil || !ok {
			return ""
		}
		at, _, _ = strings.Cut(at, "\r\n")
		return at
	}
	if !s.until(func() bool {
		at := offset(s, "slave_repl_offset")
		return at != "" && at == offset(master, "master_repl_offset")
	}) {
		s.t.Fatalf("the replica does not follow:\n%s", s.log())
	}
	master.Kill()
	s.tell("CLUSTER FAILOVER TAKEOVER")
	if !s.until(func() bool {
		info, err := s.ask("CLUSTER INFO")
		return err == nil && strings.Contains(info, "cluster_state:ok\r\n")
	}) {
		s.t.Fatalf("the replica does not take over:\n%s", s.log())
	}
}
