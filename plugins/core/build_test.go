package core_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOldNode: where Node is missing or too old for AssemblyScript, the build says so and
// how to get one, before anything else goes wrong.
func TestOldNode(t *testing.T) {
	for version, want := range map[string]string{
		"v18.19.0": "needs Node 20 or later, and v18.19.0 is here",
		"":         "needs Node 20 or later, and there is none here",
		"v20.1.0":  "",
		"v100.0.0": "",
	} {
		bin := t.TempDir()
		script := "#!/bin/sh\necho " + version + "\n"
		if version == "" {
			script = "#!/bin/sh\nexit 127\n"
		}
		if err := os.WriteFile(filepath.Join(bin, "node"), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("../../sdk/as/node.sh")
		cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if (err == nil) != (want == "") || !strings.Contains(string(out), want) || want != "" && !strings.Contains(string(out), "nodejs.org") {
			t.Errorf("%s: %v, %s", version, err, out)
		}
	}
}
