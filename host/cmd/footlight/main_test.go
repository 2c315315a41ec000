package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/footlight-bots/footlight/host/cli"
	"github.com/footlight-bots/footlight/host/cli/shell"
)

// asProgram in the environment makes the test binary be footlight itself, so that
// tests can start real processes of it and kill them.
const asProgram = "FOOTLIGHT_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		env := shell.System()
		env.Clock = clockOf(os.Getenv(clockSetting))
		os.Exit(cli.Main(os.Args[1:], env))
	}
	testscript.Main(m, map[string]func(){"footlight": main})
}
