package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// process is a running footlight.
type process struct {
	cmd  *exec.Cmd
	log  *output
	done chan struct{} // closed when the process is gone
}

// output keeps what a process writes, for when the test fails.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// launch starts footlight with arguments in a folder, env added to the environment,
// and hands its lines on stdout to found until that is content, or the output ends.
func launch(t *testing.T, dir string, env []string, found func(line string) bool, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0], args...), log: &output{}, done: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.Env = append(append(os.Environ(), asProgram+"=1"), env...)
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	content := false
	lines := bufio.NewScanner(io.TeeReader(out, p.log))
	for !content && lines.Scan() {
		content = found(lines.Text())
	}
	go func() {
		_, _ = io.Copy(p.log, out)
		_ = p.cmd.Wait()
		close(p.done)
	}()
	if !content {
		<-p.done
	}
	return p
}

// code is the exit code, once the process is gone.
func (p *process) code() int {
	<-p.done
	return p.cmd.ProcessState.ExitCode()
}

// kill ends a process as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// stop ends a process as an operator does.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	select {
	case <-p.done:
	case <-time.After(patience):
		p.kill()
	}
}
