package plugin

import (
	"context"
	"encoding/binary"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/sdk/abi"
)

// wasiModule is the module that toolchains import the system from.
const wasiModule = "wasi_snapshot_preview1"

// The errnos of WASI that are used.
const (
	wasiSuccess  = 0
	wasiBadFile  = 8
	wasiInvalid  = 28
	wasiNoSystem = 52
	wasiNoSeek   = 70
)

// The descriptors of the two streams that exist.
const (
	standardOutput = 1
	standardError  = 2
)

// wasiFunc is a function of preview 1.
type wasiFunc struct {
	name   string
	params string   // i: i32, I: i64
	run    hostFunc // nil: it answers that it is not to be had
}

// wasiFuncs are all functions of preview 1, since a module that wants one more than
// there are does not link at all. There are no files, no arguments and no environment;
// time and chance are those of the turn as far as they are granted; what is written to
// the two streams goes to the log.
var wasiFuncs = []wasiFunc{
	{"args_get", "ii", errno(wasiSuccess)},
	{"args_sizes_get", "ii", wasiNone},
	{"environ_get", "ii", errno(wasiSuccess)},
	{"environ_sizes_get", "ii", wasiNone},
	{"clock_res_get", "ii", wasiResolution},
	{"clock_time_get", "iIi", wasiTime},
	{"fd_advise", "iIIi", nil},
	{"fd_allocate", "iII", nil},
	{"fd_close", "i", errno(wasiSuccess)},
	{"fd_datasync", "i", nil},
	{"fd_fdstat_get", "ii", wasiStat},
	{"fd_fdstat_set_flags", "ii", nil},
	{"fd_fdstat_set_rights", "iII", nil},
	{"fd_filestat_get", "ii", errno(wasiBadFile)},
	{"fd_filestat_set_size", "iI", nil},
	{"fd_filestat_set_times", "iIIi", nil},
	{"fd_pread", "iiiIi", nil},
	{"fd_prestat_get", "ii", errno(wasiBadFile)},
	{"fd_prestat_dir_name", "iii", errno(wasiBadFile)},
	{"fd_pwrite", "iiiIi", nil},
	{"fd_read", "iiii", wasiRead},
	{"fd_readdir", "iiiIi", nil},
	{"fd_renumber", "ii", nil},
	{"fd_seek", "iIii", errno(wasiNoSeek)},
	{"fd_sync", "i", nil},
	{"fd_tell", "ii", errno(wasiNoSeek)},
	{"fd_write", "iiii", wasiWrite},
	{"path_create_directory", "iii", nil},
	{"path_filestat_get", "iiiii", nil},
	{"path_filestat_set_times", "iiiiIIi", nil},
	{"path_link", "iiiiiii", nil},
	{"path_open", "iiiiiIIii", nil},
	{"path_readlink", "iiiiii", nil},
	{"path_remove_directory", "iii", nil},
	{"path_rename", "iiiiii", nil},
	{"path_symlink", "iiiii", nil},
	{"path_unlink_file", "iii", nil},
	{"poll_oneoff", "iiii", nil},
	{"proc_exit", "i", func(_ *call, _ api.Module, s []uint64) { panic(exited{uint32(s[0])}) }},
	{"proc_raise", "i", nil},
	{"random_get", "ii", wasiRandom},
	{"sched_yield", "", errno(wasiSuccess)},
	{"sock_accept", "iii", nil},
	{"sock_recv", "iiiiii", nil},
	{"sock_send", "iiiii", nil},
	{"sock_shutdown", "ii", nil},
}

// errno is a function that does nothing but answer.
func errno(n uint64) hostFunc {
	return func(_ *call, _ api.Module, s []uint64) { s[0] = n }
}

// wasiNone tells that there is no argument and no variable of the environment.
func wasiNone(_ *call, m api.Module, s []uint64) {
	write32(m, s[0], 0)
	write32(m, s[1], 0)
	s[0] = wasiSuccess
}

func write32(m api.Module, address uint64, n uint32) {
	if !m.Memory().WriteUint32Le(uint32(address), n) {
		panic(errPointer)
	}
}

func write64(m api.Module, address, n uint64) {
	if !m.Memory().WriteUint64Le(uint32(address), n) {
		panic(errPointer)
	}
}

// wasiResolution says that clocks tell milliseconds.
func wasiResolution(_ *call, m api.Module, s []uint64) {
	write64(m, s[1], 1_000_000)
	s[0] = wasiSuccess
}

// wasiTime is the time of the turn, or 1970 for those that may not know it: not quite
// its beginning, since Go takes a clock that says zero for a broken one.
func wasiTime(c *call, m api.Module, s []uint64) {
	nanos := uint64(1_000_000)
	if at, err := c.stage.Now(); err == nil {
		nanos = uint64(at.UnixNano())
	}
	write64(m, s[2], nanos)
	s[0] = wasiSuccess
}

// wasiRandom is the chance of the turn, or always the same.
func wasiRandom(c *call, m api.Module, s []uint64) {
	if uint32(s[1]) > abi.MaxRandom {
		s[0] = wasiInvalid
		return
	}
	out := c.bytesOf(m, s[0], s[1])
	if c.stage.Random(out) != nil {
		clear(out)
	}
	s[0] = wasiSuccess
}

// wasiStat says that the three streams are terminals, so that libraries write to them
// line by line.
func wasiStat(c *call, m api.Module, s []uint64) {
	if uint32(s[0]) > standardError {
		s[0] = wasiBadFile
		return
	}
	out := c.bytesOf(m, s[1], 24)
	clear(out)
	out[0] = 2 // a character device
	s[0] = wasiSuccess
}

// wasiRead reads from a standard input that is empty.
func wasiRead(_ *call, m api.Module, s []uint64) {
	if uint32(s[0]) != 0 {
		s[0] = wasiBadFile
		return
	}
	write32(m, s[3], 0)
	s[0] = wasiSuccess
}

// wasiWrite writes to the log.
func wasiWrite(c *call, m api.Module, s []uint64) {
	fd := uint32(s[0])
	if fd != standardOutput && fd != standardError {
		s[0] = wasiBadFile
		return
	}
	if uint32(s[2]) > maxVectors {
		s[0] = wasiInvalid
		return
	}
	var total uint32
	for vectors := c.bytesOf(m, s[1], 8*s[2]); len(vectors) > 0; vectors = vectors[8:] {
		address, length := binary.LittleEndian.Uint32(vectors), binary.LittleEndian.Uint32(vectors[4:])
		c.print(int(fd), c.bytesOf(m, uint64(address), uint64(length)))
		total += length
	}
	write32(m, s[3], total)
	s[0] = wasiSuccess
}

// instantiateWASI gives a runtime the functions of WASI.
func instantiateWASI(ctx context.Context, r wazero.Runtime) error {
	b := r.NewHostModuleBuilder(wasiModule)
	for _, f := range wasiFuncs {
		run := f.run
		if run == nil {
			run = errno(wasiNoSystem)
		}
		params, results := wasiTypes(f)
		b.NewFunctionBuilder().WithGoModuleFunction(hosted(run), params, results).Export(f.name)
	}
	_, err := b.Instantiate(ctx)
	return err
}

// wasiTypes are the types of a function of WASI.
func wasiTypes(f wasiFunc) (params, results []api.ValueType) {
	if f.name == "proc_exit" {
		return letters(f.params), nil
	}
	return letters(f.params), letters("i")
}

// letters are types by their letters: i for i32, I for i64.
func letters(list string) []api.ValueType {
	var types []api.ValueType
	for _, l := range list {
		if l == 'I' {
			types = append(types, api.ValueTypeI64)
			continue
		}
		types = append(types, api.ValueTypeI32)
	}
	return types
}
