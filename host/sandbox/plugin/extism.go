package plugin

import (
	"context"

	"github.com/tetratelabs/wazero"

	"github.com/footlight-bots/footlight/host/sandbox/admission"
	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

func allowExtism(bytecode.Import) (string, bool) { return "", false }

func speaksExtism(*admission.Report) bool { return false }

func newExtism(*instance) protocol { return nil }

func instantiateExtism(context.Context, wazero.Runtime) error { return nil }
