#!/bin/sh
# Fetches what macros run on, unless it is here already with the right sums:
# QuickJS as a WebAssembly module, and the libraries that macros may use.
set -eu
cd "$(dirname "$0")"
if sha256sum --check --status SHA256SUMS; then exit 0; fi

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# fetch PACKAGE NAME FILE: a file of a package of npm, with its licence
fetch() {
	archive=$(cd "$dir" && npm pack --silent "$1")
	mkdir -p "$dir/$2"
	tar xzf "$dir/$archive" -C "$dir/$2"
	cp "$dir/$2/package/$3" .
	cp "$dir/$2/package/LICENSE" "$2.LICENSE"
}

fetch quickjs-wasi@3.6.2 quickjs quickjs.wasm
fetch lodash@4.17.23 lodash lodash.min.js
fetch moment@2.31.0 moment min/moment.min.js
chmod 644 ./*.wasm ./*.js ./*.LICENSE
sha256sum --check SHA256SUMS
