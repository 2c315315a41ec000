// Command footlight runs chat bots on Facebook Messenger from plain text scripts.
package main

import (
	"os"

	"github.com/footlight-bots/footlight/host/cli"
	"github.com/footlight-bots/footlight/host/cli/shell"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], shell.System()))
}
