package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"

	"github.com/gofiber/fiber/v2"

	"github.com/footlight-bots/footlight/host/messenger"
)

// bareMode is the argument with which stopwatch is its own child, the bare server.
const bareMode = "bare"

// serveBare is what a host is measured against: a Fiber handler that checks the
// signature, parses the JSON, answers, and keeps nothing. It tells its address on out
// and serves until in ends.
func serveBare(in io.Reader, out io.Writer) error {
	web := fiber.New(fiber.Config{DisableStartupMessage: true})
	web.Post("/webhook", func(c *fiber.Ctx) error {
		mac := hmac.New(sha256.New, []byte(appSecret))
		mac.Write(c.Body())
		want := "sha256=" + hex.EncodeToString(mac.Sum(nil))
		if !hmac.Equal([]byte(want), []byte(c.Get(messenger.HeaderSignature))) {
			return c.SendStatus(fiber.StatusForbidden)
		}
		var body map[string]any
		if err := json.Unmarshal(c.Body(), &body); err != nil {
			return c.SendStatus(fiber.StatusBadRequest)
		}
		return c.SendString("EVENT_RECEIVED")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- web.Listener(l) }()
	announce(out, l)
	_, _ = io.Copy(io.Discard, in)
	if err := web.Shutdown(); err != nil {
		return err
	}
	return <-served
}
