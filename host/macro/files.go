package macro

import _ "embed" // for the files below

//go:generate sh engine/gen.sh

// quickjs is QuickJS-NG as a WASI reactor (npm quickjs-wasi), MIT.
//
//go:embed engine/quickjs.wasm
var quickjs []byte

// ground is what both of the next two stand on.
//
//go:embed ground.js
var ground string

// prelude is what macros find in their world.
//
//go:embed prelude.js
var prelude string

// directionPrelude is what plug-ins in JavaScript find in their world.
//
//go:embed direction.js
var directionPrelude string

// lodash and moment are the libraries that macros may use, MIT both.
var (
	//go:embed engine/lodash.min.js
	lodash string
	//go:embed engine/moment.min.js
	moment string
)

// library is the source of what macros know by a global name.
func library(global string) string {
	switch global {
	case "_":
		return lodash
	case "moment":
		return moment
	}
	return ""
}
