// Package redistest runs a real redis-server for a test: on a free port of the
// loopback, in a folder of its own, stopped when the test ends. It can kill the server
// the hard way and start it again on the same data. No API of the host is promised.
package redistest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	// startFor is how long a server may take until it answers.
	startFor = 10 * time.Second
	// attempts is how many free ports are tried: another process may take one first.
	attempts = 5
)

// Options say how the server runs.
type Options struct {
	AppendOnly bool     // every write is on disk before it is answered (appendfsync always)
	Cluster    bool     // a node of a Redis Cluster that has no slots yet; see NewCluster
	Args       []string // further arguments of redis-server, such as "--maxmemory", "1mb"
}

// Server is a running redis-server.
type Server struct {
	t    testing.TB
	o    Options
	dir  string
	port string
	bus  string // the port on which nodes of a cluster talk to each other
	cmd  *exec.Cmd
	done chan struct{} // closed when the process is gone
}

// Start runs a server without persistence and returns its redis:// URL.
func Start(t testing.TB) string {
	t.Helper()
	return New(t, Options{}).URL()
}

// New runs a server. Where redis-server is not installed the test is skipped,
// or fails when the environment variable CI is set.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("redis-server is not installed: apt-get install redis-server")
		}
		t.Skip("skipped: needs redis-server (apt-get install redis-server)")
	}
	s := &Server{t: t, o: o, dir: t.TempDir()}
	t.Cleanup(s.Kill)
	for range attempts {
		s.port = freePort(t)
		if s.start() {
			return s
		}
	}
	t.Fatalf("redis-server does not start:\n%s", s.log())
	return nil
}

// URL is where the server answers.
func (s *Server) URL() string { return "redis://" + s.Addr() }

// Addr is the host and port where the server answers.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", s.port) }

// Stop holds the server still (SIGSTOP), as a machine does that is starved or suspended; Continue lets it go on.
func (s *Server) Stop() { s.signal(syscall.SIGSTOP) }

// Continue lets a stopped server go on.
func (s *Server) Continue() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatalf("signal redis-server: %v", err)
	}
}

// Replica runs a replica of the server and waits until it has all its data. It takes writes of its own, so
// that a store can be opened on it.
func (s *Server) Replica() *Server {
	s.t.Helper()
	replica := New(s.t, Options{Args: []string{"--replicaof", "127.0.0.1 " + s.port, "--replica-read-only", "no", "--repl-diskless-sync-delay", "0"}})
	linked := replica.until(func() bool {
		info, err := replica.ask("INFO replication")
		return err == nil && strings.Contains(info, "master_link_status:up")
	})
	if !linked {
		s.t.Fatalf("the replica does not follow:\n%s", replica.log())
	}
	return replica
}

// Settle lets the server take no more writes and waits until the kernel has all that it acknowledged. With
// appendfsync everysec it keeps writes to itself for up to two seconds while a sync of the disk is slow, and a
// server that is killed then has lost them. It ends with the server.
func (s *Server) Settle() {
	s.t.Helper()
	s.tell("CLIENT PAUSE %d WRITE", startFor.Milliseconds())
	written := s.until(func() bool {
		info, err := s.ask("INFO persistence")
		return err == nil && strings.Contains(info, "\r\naof_buffer_length:0\r\n")
	})
	if !written {
		s.t.Fatalf("redis-server does not write what it has acknowledged:\n%s", s.log())
	}
}

// Kill ends the server at once (kill -9) and waits until it is gone.
func (s *Server) Kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	<-s.done
	s.cmd = nil
}

// Cut takes the last n bytes off the append-only file of a killed server: what a power cut leaves of writes that were
// not on disk yet. It returns false when there is no more to cut.
func (s *Server) Cut(n int64) bool {
	s.t.Helper()
	file := s.file()
	info, err := os.Stat(file)
	if err != nil {
		s.t.Fatal(err)
	}
	if info.Size() < n {
		return false
	}
	if err := os.Truncate(file, info.Size()-n); err != nil {
		s.t.Fatal(err)
	}
	return true
}

// Written is how long the append-only file is.
func (s *Server) Written() int64 {
	s.t.Helper()
	info, err := os.Stat(s.file())
	if err != nil {
		s.t.Fatal(err)
	}
	return info.Size()
}

// file is the append-only file.
func (s *Server) file() string {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "appendonlydir", "*.incr.aof"))
	if err != nil || len(files) != 1 {
		s.t.Fatalf("the append-only file is not to be found: %q, %v", files, err)
	}
	return files[0]
}

// Wipe kills the server and starts it again without any data.
func (s *Server) Wipe() {
	s.t.Helper()
	s.Kill()
	if err := os.RemoveAll(filepath.Join(s.dir, "appendonlydir")); err != nil {
		s.t.Fatal(err)
	}
	s.Restart()
}

// Restart starts a killed server again, on the same port and data.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	if !s.start() {
		s.t.Fatalf("redis-server does not start again:\n%s", s.log())
	}
}

func (s *Server) start() bool {
	args := []string{
		"--port", s.port, "--bind", "127.0.0.1", "--dir", s.dir, "--logfile", "log",
		"--save", "", "--daemonize", "no",
	}
	if s.o.AppendOnly {
		args = append(args, "--appendonly", "yes", "--appendfsync", "always")
	}
	if s.o.Cluster {
		if s.bus == "" {
			s.bus = freePort(s.t)
		}
		args = append(args, "--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1",
			"--cluster-config-file", "nodes.conf", "--cluster-port", s.bus, "--cluster-node-timeout", "1000")
	}
	cmd := exec.Command("redis-server", append(args, s.o.Args...)...)
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("start redis-server: %v", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait()
	}()
	s.cmd, s.done = cmd, done
	if !s.await() {
		s.Kill()
		return false
	}
	return true
}

// await waits until the server answers.
func (s *Server) await() bool {
	return s.until(func() bool {
		answer, err := s.ask("PING")
		return err == nil && strings.HasPrefix(answer, "+PONG")
	})
}

// until waits until something is so; false when it takes too long or the server ends.
func (s *Server) until(so func() bool) bool {
	deadline := time.NewTimer(startFor)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-s.done:
			return false
		case <-deadline.C:
			return so() // this process may have been stopped meanwhile, and not the server
		case <-tick.C:
			if so() {
				return true
			}
		}
	}
}

// ask sends one command inline and returns what comes first of the answer.
func (s *Server) ask(command string) (string, error) {
	conn, err := net.DialTimeout("tcp", s.Addr(), time.Second)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := fmt.Fprintf(conn, "%s\r\n", command); err != nil {
		return "", err
	}
	buf := make([]byte, 4<<10)
	n, err := conn.Read(buf)
	return string(buf[:n]), err
}

func (s *Server) log() string {
	b, err := os.ReadFile(s.dir + "/log")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	return port
}
