package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/script")

// TestScripts runs the commands as people write them: each txtar file is a shell
// session with its files and the output that it expects.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: filepath.Join("testdata", "script"), Setup: setUp, UpdateScripts: *update})
}

// setUp gives a session a machine without settings; the cache of compiled modules
// is shared, as on any machine that runs more than once.
func setUp(env *testscript.Env) error {
	env.Setenv("XDG_CACHE_HOME", filepath.Join(os.TempDir(), "footlight-test-cache"))
	env.Setenv("HOME", env.WorkDir)
	return nil
}
