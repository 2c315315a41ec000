package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// edition is the counting bot in an edition of its own: each answer names it three times, from two places of
// the script and from a direction of a plug-in, so that an answer by two editions shows.
func edition(n int) (map[string]string, error) {
	module, err := direction("edition", strconv.Itoa(n), nil)
	return map[string]string{
		scriptFile:                     fmt.Sprintf("! var edition = %d\n\n+ ticket #\n- <add n=1><get n>: ticket <star> (<bot edition>/<edition>/%d)\n\n+ edition %d\n- Yes.\n", n, n, n),
		"plugins/edition/edition.wasm": module,
	}, err
}

// direction is the module of a plug-in whose tag says a text, after some work; nil: without any.
func direction(name, says string, work func(*wasmbin.Code)) (string, error) {
	const (
		textAt = 4096
		roomAt = 8192 // for what the host hands over
	)
	manifest := `{"version":"` + says + `","directions":[{"name":"` + name + `"}]}`
	outcome := fmt.Sprintf(`{"text":%q}`, says)
	var m wasmbin.Module
	m.Memory(1, 1)
	m.ExportMemory(abi.ExportMemory)
	m.Data(0, []byte(manifest))
	m.Data(textAt, []byte(outcome))
	marker, _ := m.Func("marker", wasmbin.FuncType{})
	m.ExportFunc(abi.Marker, marker)
	alloc, body := m.Func("alloc", wasmbin.FuncType{Params: []wasmbin.ValType{wasmbin.I32}, Results: []wasmbin.ValType{wasmbin.I32}})
	body.I32(roomAt)
	m.ExportFunc(abi.ExportAlloc, alloc)
	call, body := m.Func("call", wasmbin.FuncType{
		Params: []wasmbin.ValType{wasmbin.I32, wasmbin.I32, wasmbin.I32}, Results: []wasmbin.ValType{wasmbin.I64},
	})
	body.LocalGet(body.Param(0)) // abi.OpRun, or abi.OpDescribe, which is nothing
	body.IfValue(wasmbin.I64, func() {
		if work != nil {
			work(body)
		}
		body.I64(textAt<<32 | int64(len(outcome)))
	}, func() { body.I64(int64(len(manifest))) })
	m.ExportFunc(abi.ExportCall, call)
	module, err := m.Encode()
	return string(module), err
}

// editionOf is the edition that an answer was made by: the one that it names, in all places; 0: it names none.
func editionOf(names string) (int, error) {
	if names == "" {
		return 0, nil
	}
	list := strings.Split(strings.TrimSuffix(names, ")"), "/")
	for _, name := range list {
		if name != list[0] {
			return 0, fmt.Errorf("answered by two versions of the bot: %q", names)
		}
	}
	n, err := strconv.Atoi(list[0])
	if err != nil {
		return 0, fmt.Errorf("answered by %q, which is no edition", names)
	}
	return n, nil
}

// shelf is where the editions of a bot stand beside each other; a link leads to the one that is meant, so that all
// files of an edition are saved in one step.
type shelf struct{ dir string }

// link is what hosts are told to serve.
func (f shelf) link() string { return filepath.Join(f.dir, "bot") }

// save makes an edition the one that is meant. The one before the last is thrown away.
func (f shelf) save(n int) error {
	files, err := edition(n)
	if err != nil {
		return err
	}
	name, next := strconv.Itoa(n), filepath.Join(f.dir, "next")
	if err := write(filepath.Join(f.dir, name), files); err != nil {
		return err
	}
	return errors.Join(os.Symlink(name, next), os.Rename(next, f.link()), os.RemoveAll(filepath.Join(f.dir, strconv.Itoa(n-2))))
}
