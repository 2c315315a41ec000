package server

import (
	"context"

	"github.com/gofiber/fiber/v2"
)

// healthz tells that the process answers at all.
func (s *Server) healthz(c *fiber.Ctx) error {
	return c.JSON(fiber.Map{"status": "alive"})
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready  bool     `json:"ready"`
	Checks []report `json:"checks"`
}

type report struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
	Error  string `json:"error,omitempty"`
}

// readyz tells whether the host is of use: 200 when every check passes, else 503; the
// checks are named in either case. They run side by side.
func (s *Server) readyz(c *fiber.Ctx) error {
	found := make([]chan report, len(s.checks))
	for i, check := range s.checks {
		found[i] = make(chan report, 1)
		s.inflight.Go(func() { found[i] <- s.probe(check) })
	}
	out := readiness{Ready: true, Checks: []report{}}
	for i := range s.checks {
		r := <-found[i]
		out.Ready = out.Ready && r.OK
		out.Checks = append(out.Checks, r)
	}
	status := fiber.StatusOK
	if !out.Ready {
		status = fiber.StatusServiceUnavailable
	}
	return c.Status(status).JSON(out)
}

// probe runs one check.
func (s *Server) probe(check Check) report {
	details := make(chan string, 1)
	err := s.within(ProbeTimeout, func(ctx context.Context) error {
		detail, err := check.Probe(ctx)
		details <- detail
		return err
	})
	if err != nil {
		return report{Name: check.Name, Error: err.Error()}
	}
	return report{Name: check.Name, OK: true, Detail: <-details}
}
