package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// What hosts and the emulated platform agree on.
const (
	appSecret   = "stopwatch"
	verifyToken = "verify"
	pageID      = "104290001"
	pageToken   = "EAASTOPWATCH"
	appID       = "556600"
)

// startFor is how long a child may take until it can be used.
const startFor = 20 * time.Second

// probeGap is the pause between two looks whether redis-server answers.
const probeGap = 10 * time.Millisecond

// child is a process under measurement.
type child struct {
	cmd  *exec.Cmd
	in   io.Closer // its standard input; nil: none
	addr string    // where it takes webhooks, or commands
	done chan struct{}
	err  error // once done
}

// stop ends a child, if there is one, politely first.
func (c *child) stop() {
	if c == nil {
		return
	}
	if c.in != nil {
		_ = c.in.Close()
	}
	_ = c.cmd.Process.Signal(os.Interrupt)
	select {
	case <-c.done:
	case <-time.After(startFor):
		c.kill()
	}
}

// kill ends a child as a power cut would.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.done
}

func (c *child) wait() {
	c.done = make(chan struct{})
	go func() {
		c.err = c.cmd.Wait()
		close(c.done)
	}()
}

// announced starts a process that tells where it takes webhooks on its output.
func announced(cmd *exec.Cmd, log io.Writer) (*child, error) {
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	c := &child{cmd: cmd, in: in}
	lines := bufio.NewScanner(out)
	for c.addr == "" && lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "http://"); ok && strings.Contains(lines.Text(), "webhook") {
			c.addr, _, _ = strings.Cut(address, "/")
		}
	}
	if c.addr == "" {
		_ = cmd.Process.Kill()
		return nil, errors.Join(fmt.Errorf("%s told no address; its log says why", cmd.Path), cmd.Wait())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	c.wait()
	return c, nil
}

// self starts stopwatch as its own child.
func (s *stopwatch) self(ctx context.Context, args ...string) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return announced(exec.CommandContext(ctx, program, args...), s.log)
}

// folder writes a bot's folder: its files, by path.
func (s *stopwatch) folder(files map[string]string) (dir string, err error) {
	if dir, err = os.MkdirTemp(s.dir, "bot-"); err != nil {
		return "", err
	}
	return dir, write(dir, files)
}

// write writes files into a folder.
func write(dir string, files map[string]string) error {
	for path, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// host starts a host of the bot in a folder on a store, for a platform at graph; without a folder one of what is
// published. more are settings.
func (s *stopwatch) host(ctx context.Context, dir, store, graph string, more ...string) (*child, error) {
	cmd, err := s.command(ctx, store, append(more, "FOOTLIGHT_GRAPH_URL="+graph)...)
	if err != nil {
		return nil, err
	}
	cmd.Args = append(cmd.Args, "serve")
	if dir != "" {
		cmd.Args, cmd.Dir = append(cmd.Args, dir), dir
	}
	return s.begin(cmd)
}

// begin starts a host by its command. What it logs is told when it does not start.
func (s *stopwatch) begin(cmd *exec.Cmd) (*child, error) {
	log, err := os.CreateTemp(s.dir, "log-")
	if err != nil {
		return nil, err
	}
	c, err := announced(cmd, log)
	if err != nil {
		text, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%w\n%s", err, text)
	}
	return c, log.Close()
}

// command is a run of footlight with all settings of a host on a store, still without arguments.
func (s *stopwatch) command(ctx context.Context, store string, more ...string) (*exec.Cmd, error) {
	program, err := filepath.Abs(s.footlight)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program)
	cmd.Dir = s.dir
	cmd.Env = append(append(os.Environ(),
		"FOOTLIGHT_APP_SECRET="+appSecret, "FOOTLIGHT_VERIFY_TOKEN="+verifyToken, "FOOTLIGHT_PAGE_TOKEN="+tokenOf(pageID),
		"FOOTLIGHT_PAGE_ID="+pageID, "FOOTLIGHT_APP_ID="+appID, "FOOTLIGHT_ADDR=127.0.0.1:0", "FOOTLIGHT_STORE="+store,
		"FOOTLIGHT_SENDS_PER_SECOND="+unlimited, "XDG_CACHE_HOME="+filepath.Join(s.dir, "cache")), more...)
	return cmd, nil
}

// unlimited is the most sends a second that a host can be allowed: the host is
// measured, not the platform's quota.
const unlimited = "10000"

// store opens an empty store of a kind: its address, and its process, to be stopped; nil: the
// store is a file.
func (s *stopwatch) store(ctx context.Context, kind string) (address string, server *child, err error) {
	dir, err := os.MkdirTemp(s.dir, kind+"-")
	if err != nil {
		return "", nil, err
	}
	if kind == onBolt {
		return "bolt:" + filepath.ToSlash(filepath.Join(dir, "state.db")), nil, nil
	}
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, "redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", dir,
		"--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction")
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("redis-server (apt-get install redis-server, or -stores bolt): %w", err)
	}
	c := &child{cmd: cmd, addr: net.JoinHostPort("127.0.0.1", port)}
	c.wait()
	for began := s.clock.Now(); ; {
		conn, err := net.Dial("tcp", c.addr)
		if err == nil {
			_ = conn.Close()
			return "redis://" + c.addr, c, nil
		}
		if s.clock.Now().Sub(began) > startFor {
			c.kill()
			return "", nil, fmt.Errorf("redis-server does not answer: %w", err)
		}
		if err := clock.Sleep(ctx, s.clock, probeGap); err != nil {
			c.kill()
			return "", nil, err
		}
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}
