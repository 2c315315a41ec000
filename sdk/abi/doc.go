// Package abi is the contract between a host and the directions that strangers
// write in WebAssembly. Its one source is abi.json; from it come the constants of
// this package, which the host uses, those of the guest libraries beside it, and
// README.md, which explains it all. What stands in this package is data: who runs a
// direction, and what it may do, is decided elsewhere.
//
// A major version is a marker that directions export. A minor version only ever adds
// functions, so that an older direction runs on a newer host.
package abi

//go:generate go run ./gen

// Param is a parameter of a host function as WebAssembly sees it: "i32" or "i64".
type Param struct {
	Name string
	Type string
}

// Function is a function that the host offers.
type Function struct {
	Name       string
	Params     []Param
	Result     string // "i32", "i64" or empty
	Since      int    // the minor version that brought it
	Capability string // what has to be granted; empty: it depends on the space of the key
}

// Space is a set of keys for get, put and swap.
type Space struct {
	Name       string
	Capability string
	Writable   bool
}

// Capability is something that the owner of a bot grants, or not.
type Capability struct {
	Name    string
	Setting string // of bot.toml that grants it
	Items   string // what is granted one by one: "hosts"; empty: the capability is granted as a whole
	Doc     string // what it allows: "to ask hosts on the internet"
}

// FunctionNamed finds a function of the host.
func FunctionNamed(name string) (Function, bool) {
	for _, f := range Functions {
		if f.Name == name {
			return f, true
		}
	}
	return Function{}, false
}

// CapabilityNamed finds a capability.
func CapabilityNamed(name string) (Capability, bool) {
	for _, c := range Capabilities {
		if c.Name == name {
			return c, true
		}
	}
	return Capability{}, false
}

// SpaceNamed finds a space.
func SpaceNamed(name string) (Space, bool) {
	for _, s := range Spaces {
		if s.Name == name {
			return s, true
		}
	}
	return Space{}, false
}
