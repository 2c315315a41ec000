#!/bin/sh
# Makes the modules of the plug-ins in this folder, each with the tools of its language, or tests their sources.
#
#   build.sh [NAME ...]            makes NAME/NAME.wasm; without a name, of all but core,
#                                  whose module is kept in the repository
#   build.sh --test [NAME ...]     tests them on this machine
#
# A plug-in in JavaScript is its source, so there is nothing to make.
set -eu
cd "$(dirname "$0")"

job=build
if [ "${1:-}" = --test ]; then
  job=test
  shift
fi
kept=
if [ $# -eq 0 ]; then
  [ $job = test ] || kept=core
  set -- */
fi

build_go() { (cd "$1" && GOOS=wasip1 GOARCH=wasm ${GO:-go} build -trimpath -buildmode=c-shared -ldflags='-s -w' -o "$1.wasm" .); }
test_go() { (cd "$1" && ${GO:-go} vet . && ${GO:-go} test .); }

build_c() { ../sdk/c/build.sh "$1/$1.c" "$1/$1.wasm"; }
test_c() { ../sdk/c/build.sh --test "$1/$1_test.c"; }

build_rust() {
  ../sdk/rust/build.sh "$1/src/lib.rs" "$1/$1.wasm"
  [ "$1" != core ] || ${GO:-go} test ./core -run '^TestModuleIsFresh$' -seal
}
test_rust() { ../sdk/rust/build.sh --test "$1/src/lib.rs"; }

# The compiler of AssemblyScript is where npm puts it, beside the library. It wants a younger Node than some systems have.
assemblyscript() {
  ../sdk/as/node.sh || return 1
  [ -x ../sdk/as/node_modules/.bin/asc ] || (cd ../sdk/as && npm ci --silent --no-audit --no-fund)
}
build_as() { assemblyscript && ../sdk/as/node_modules/.bin/asc "$1/index.ts" --config ../sdk/as/asconfig.json -o "$1/$1.wasm"; }
test_as() { build_as "$1" && node --test "$1/$1.test.mjs"; }

for name; do
  name=${name%/}
  [ "$name" != "$kept" ] || continue
  if [ -f "$name/go.mod" ]; then language=go
  elif [ -f "$name/$name.c" ]; then language=c
  elif [ -f "$name/Cargo.toml" ]; then language=rust
  elif [ -f "$name/index.ts" ]; then language=as
  elif [ -f "$name/$name.js" ]; then continue
  else
    echo "plugins/$name: there is no source that is known here" >&2
    exit 1
  fi
  "${job}_$language" "$name" || { echo "plugins/$name: the $job has failed" >&2; exit 1; }
done
