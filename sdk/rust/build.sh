#!/bin/sh
# Builds or tests a direction with rustc alone; cargo works too, but need not be there.
#
#   build.sh src/lib.rs hello.wasm     makes the module
#   build.sh --test src/lib.rs         runs the tests of the file on this machine
#   build.sh --rustc                   says which compiler makes modules
#
# RUSTC names a compiler; otherwise the first one is taken that can make WebAssembly.
set -eu

sdk=$(cd "$(dirname "$0")" && pwd)
target=wasm32-unknown-unknown
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ "$1" = --test ]; then
  rustc=${RUSTC:-$(command -v rustc || echo /usr/bin/rustc)}
  "$rustc" --edition 2021 --crate-type rlib --crate-name direction --out-dir "$work" "$sdk/src/lib.rs"
  "$rustc" --edition 2021 --test --extern "direction=$work/libdirection.rlib" -o "$work/tests" "$2"
  "$work/tests" --quiet
  exit
fi

# Compilers are often there without the library for WebAssembly, so ask each for it.
rustc=
for candidate in ${RUSTC:-} rustc "${HOME:-}/.cargo/bin/rustc" /usr/local/bin/rustc /usr/bin/rustc; do
  libraries=$("$candidate" --print target-libdir --target $target 2>/dev/null) || continue
  if ls "$libraries"/libcore-* >/dev/null 2>&1; then
    rustc=$candidate
    break
  fi
done
if [ -z "$rustc" ]; then
  echo "no rustc here can make WebAssembly: rustup target add $target, or (Debian) apt-get install rustc libstd-rust-dev-wasm32 lld" >&2
  exit 1
fi

# Distributions leave out the linker that rustup brings. One of the same LLVM as the compiler understands its libraries.
linker=
if ! ls "$("$rustc" --print sysroot)"/lib/rustlib/*/bin/rust-lld >/dev/null 2>&1; then
  llvm=$("$rustc" -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
  for candidate in "wasm-ld-$llvm" "/usr/lib/llvm-$llvm/bin/wasm-ld" wasm-ld; do
    if command -v "$candidate" >/dev/null; then
      linker=$(command -v "$candidate")
      break
    fi
  done
  if [ -z "$linker" ]; then
    echo "the linker wasm-ld is missing: (Debian) apt-get install lld-$llvm" >&2
    exit 1
  fi
fi

if [ "$1" = --rustc ]; then
  echo "$rustc"
  exit
fi

compile() {
  "$rustc" --edition 2021 --target $target -Copt-level=2 -Ctarget-feature=+bulk-memory -Cpanic=abort -Cembed-bitcode=yes --remap-path-prefix "$sdk=direction" "$@"
}

compile --crate-type rlib --crate-name direction --out-dir "$work" "$sdk/src/lib.rs"
# A stack of 16 KiB leaves a small direction in its first page of memory: the less there is, the sooner it is clean again.
compile --crate-type cdylib --crate-name plugin -Clto -Cstrip=debuginfo ${linker:+"-Clinker=$linker"} -Clink-arg=-zstack-size=16384 \
  --extern "direction=$work/libdirection.rlib" -o "$work/plugin.wasm" "$1"
mv "$work/plugin.wasm" "$2"
