package plugin

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/sandbox/admission"
	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// extismModule is where modules made with the kits of Extism import from.
const extismModule = "extism:host/env"

// maxBlocks is how much memory the host keeps for one call of such a module, in bytes.
const maxBlocks = 16 << 20

// blocks is the memory that Extism's guests share with their host: it lies outside of
// the guest, and is gone when the call ends. An address is a place in it; 0 is none.
type blocks struct {
	memory  []byte
	lengths map[uint64]uint64
	input   []byte
	output  [2]uint64 // address and length
	failure string
	failed  bool
	status  uint64 // of the last answer of http_request
}

// reset forgets all.
func (b *blocks) reset() { *b = blocks{} }

// alloc makes a block.
func (b *blocks) alloc(size uint64) uint64 {
	if size == 0 {
		return 0
	}
	if len(b.memory) == 0 {
		b.memory = append(b.memory, make([]byte, 8)...)
		b.lengths = map[uint64]uint64{}
	}
	at := uint64(len(b.memory))
	if size > maxBlocks || at+size > maxBlocks {
		panic(&Limit{Max: count(maxBlocks) + " bytes in blocks of the host"})
	}
	b.memory = append(b.memory, make([]byte, (size+7)&^7)...)
	b.lengths[at] = size
	return at
}

// put makes a block of a text; an empty one is none.
func (c *call) put(text string) uint64 {
	at := c.alloc(uint64(len(text)))
	copy(c.extism.memory[at:], text)
	return at
}

// alloc makes a block, which costs steps like what the host writes elsewhere.
func (c *call) alloc(size uint64) uint64 {
	at := c.extism.alloc(size)
	c.charge(int(size) / bytesPerStep)
	return at
}

// block is a copy of the block that begins at an address: an argument like any other.
func (c *call) block(address uint64) string {
	length := c.extism.lengths[address]
	if length > maxArgument {
		panic(&Limit{Max: count(maxArgument) + " bytes in one argument"})
	}
	c.charge(int(length) / bytesPerStep)
	return string(c.extism.at(address, length))
}

// at is a stretch of the blocks.
func (b *blocks) at(address, length uint64) []byte {
	if address > uint64(len(b.memory)) || length > uint64(len(b.memory))-address {
		panic(errPointer)
	}
	return b.memory[address : address+length]
}

// window is n bytes of the input.
func (b *blocks) window(at, n uint64) []byte {
	if at > uint64(len(b.input)) || n > uint64(len(b.input))-at {
		panic(errPointer)
	}
	return b.input[at : at+n]
}

// extismFunc is a function of Extism's host.
type extismFunc struct {
	name            string
	params, results string // i: i32, I: i64
	run             hostFunc
}

// extismFuncs are the functions of Extism's host, on the grants of ours.
var extismFuncs = []extismFunc{
	{"alloc", "I", "I", func(c *call, _ api.Module, s []uint64) { s[0] = c.alloc(s[0]) }},
	{"free", "I", "", func(c *call, _ api.Module, s []uint64) { delete(c.extism.lengths, s[0]) }},
	{"length", "I", "I", func(c *call, _ api.Module, s []uint64) { s[0] = c.extism.lengths[s[0]] }},
	{"length_unsafe", "I", "I", func(c *call, _ api.Module, s []uint64) { s[0] = c.extism.lengths[s[0]] }},
	{"load_u8", "I", "i", func(c *call, _ api.Module, s []uint64) { s[0] = uint64(c.extism.at(s[0], 1)[0]) }},
	{"load_u64", "I", "I", func(c *call, _ api.Module, s []uint64) { s[0] = binary.LittleEndian.Uint64(c.extism.at(s[0], 8)) }},
	{"store_u8", "Ii", "", func(c *call, _ api.Module, s []uint64) { c.extism.at(s[0], 1)[0] = byte(s[1]) }},
	{"store_u64", "II", "", func(c *call, _ api.Module, s []uint64) { binary.LittleEndian.PutUint64(c.extism.at(s[0], 8), s[1]) }},
	{"input_length", "", "I", func(c *call, _ api.Module, s []uint64) { s[0] = uint64(len(c.extism.input)) }},
	{"input_load_u8", "I", "i", func(c *call, _ api.Module, s []uint64) { s[0] = uint64(c.extism.window(s[0], 1)[0]) }},
	{"input_load_u64", "I", "I", func(c *call, _ api.Module, s []uint64) {
		s[0] = binary.LittleEndian.Uint64(c.extism.window(s[0], 8))
	}},
	{"output_set", "II", "", func(c *call, _ api.Module, s []uint64) { c.extism.output = [2]uint64{s[0], s[1]} }},
	{"error_set", "I", "", func(c *call, _ api.Module, s []uint64) {
		c.extism.failure, c.extism.failed = c.block(s[0]), s[0] != 0
	}},
	{"config_get", "I", "I", extismGet(abi.SpaceConfig)},
	{"var_get", "I", "I", extismGet(abi.SpaceState)},
	{"var_set", "II", "", func(c *call, _ api.Module, s []uint64) {
		_, err := c.stage.Put(abi.SpaceState+":"+c.block(s[0]), c.block(s[1]))
		must(err)
	}},
	{"http_request", "II", "I", extismRequest},
	{"http_status_code", "", "i", func(c *call, _ api.Module, s []uint64) { s[0] = c.extism.status }},
	{"http_headers", "", "I", func(_ *call, _ api.Module, s []uint64) { s[0] = 0 }},
	{"get_log_level", "", "i", func(_ *call, _ api.Module, s []uint64) { s[0] = 1 }}, // debug, as Extism counts
	{"log_trace", "I", "", extismLog(abi.LevelDebug)},
	{"log_debug", "I", "", extismLog(abi.LevelDebug)},
	{"log_info", "I", "", extismLog(abi.LevelInfo)},
	{"log_warn", "I", "", extismLog(abi.LevelWarn)},
	{"log_error", "I", "", extismLog(abi.LevelError)},
}

// extismGet reads a key of a space.
func extismGet(space string) hostFunc {
	return func(c *call, _ api.Module, s []uint64) {
		value, err := c.stage.Get(space + ":" + c.block(s[0]))
		must(err)
		s[0] = c.put(value)
	}
}

func extismLog(level int32) hostFunc {
	return func(c *call, _ api.Module, s []uint64) { must(c.stage.Log(level, c.block(s[0]))) }
}

// extismRequest asks through our guarded client. Without an answer its status is 0.
func extismRequest(c *call, _ api.Module, s []uint64) {
	var asked struct {
		URL    string            `json:"url"`
		Method string            `json:"method,omitempty"`
		Header map[string]string `json:"header"`
	}
	_ = json.Unmarshal([]byte(c.block(s[0])), &asked) // what is no request is refused by whom it is passed to
	request, err := json.Marshal(map[string]any{"url": asked.URL, "method": asked.Method, "headers": asked.Header, "body": c.block(s[1])})
	must(err)
	answer, err := c.outside(func() (string, error) { return c.stage.HTTP(string(request)) })
	must(err)
	var got struct {
		Status uint64 `json:"status"`
		Body   string `json:"body"`
		Base64 string `json:"base64"`
	}
	must(json.Unmarshal([]byte(answer), &got))
	if got.Base64 != "" {
		raw, err := base64.StdEncoding.DecodeString(got.Base64)
		must(err)
		got.Body = string(raw)
	}
	c.extism.status = got.Status
	s[0] = c.put(got.Body)
}

// allowExtism says why a function of Extism's cannot be imported, or nothing; ours is
// false for other modules.
func allowExtism(i bytecode.Import) (why string, ours bool) {
	if i.Module != extismModule {
		return "", false
	}
	for _, f := range extismFuncs {
		if f.name == i.Name {
			return "", true
		}
	}
	return "this server does not offer it to modules made with Extism's kits", true
}

// speaksExtism tells whether a module is made with a kit of Extism's: it imports from
// there, and exports run and describe instead of our marker.
func speaksExtism(r *admission.Report) bool {
	imports := false
	for _, i := range r.Imports {
		imports = imports || i.Module == extismModule
	}
	if _, marked := r.Export(abi.Marker); marked || !imports {
		return false
	}
	for _, name := range []string{"run", "describe"} {
		if e, ok := r.Export(name); !ok || e.Kind != bytecode.FuncKind || e.Type.String() != "() -> (i32)" {
			return false
		}
	}
	return exportsMemory(r) == nil
}

// extism is the way of Extism: input, output and errors go through blocks.
type extism struct{ describe, run api.Function }

func newExtism(in *instance) protocol {
	return &extism{describe: in.module.ExportedFunction("describe"), run: in.module.ExportedFunction("run")}
}

// invoke implements protocol.
func (e *extism) invoke(in *instance, op uint64, input []byte, maxOutput int) (string, error) {
	b := &in.call.extism
	b.input = input
	f := e.run
	if op == abi.OpDescribe {
		f = e.describe
	}
	if err := f.CallWithStack(&in.call, in.stack[:]); err != nil {
		return "", err
	}
	code := int32(in.stack[0])
	switch {
	case b.failed:
		return failure(b.failure)
	case code != 0:
		return failure(fmt.Sprintf("it returned %d", code))
	case b.output[1] > uint64(maxOutput):
		return "", &Limit{Max: count(maxOutput) + " bytes of output"}
	}
	if b.output[0] > uint64(len(b.memory)) || b.output[1] > uint64(len(b.memory))-b.output[0] {
		return "", errPointer
	}
	return string(b.memory[b.output[0]:][:b.output[1]]), nil
}

// failure is the outcome of a direction that says itself that it has failed.
func failure(reason string) (string, error) {
	if reason == "" {
		return "", errors.New("it failed without a reason")
	}
	outcome, err := json.Marshal(map[string]string{"error": reason})
	return string(outcome), err
}

// instantiateExtism gives a runtime the functions of Extism's host.
func instantiateExtism(ctx context.Context, r wazero.Runtime) error {
	b := r.NewHostModuleBuilder(extismModule)
	for _, f := range extismFuncs {
		params, results := letters(f.params), letters(f.results)
		b.NewFunctionBuilder().WithGoModuleFunction(hosted(f.run), params, results).Export(f.name)
	}
	_, err := b.Instantiate(ctx)
	return err
}
