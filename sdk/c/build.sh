#!/bin/sh
# Builds or tests a direction in C, with nothing but a compiler.
#
#   build.sh shout.c shout.wasm      makes the module, with clang and wasm-ld
#   build.sh --test shout_test.c     runs the tests on this machine, with cc
#
# CLANG and CC name other compilers.
set -eu

sdk=$(cd "$(dirname "$0")" && pwd)
warnings="-std=c11 -Wall -Wextra -Wno-missing-field-initializers"

if [ "$1" = --test ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  ${CC:-cc} $warnings -g -I "$sdk" -o "$work/tests" "$2"
  "$work/tests"
  exit
fi

# The first clang that brings the linker for WebAssembly along.
for candidate in ${CLANG:-} clang clang-22 clang-21 clang-20 clang-19 clang-18 clang-17 clang-16 clang-15 clang-14; do
  command -v "$candidate" >/dev/null || continue
  linker=$("$candidate" --target=wasm32 -print-prog-name=wasm-ld)
  command -v "$linker" >/dev/null || continue
  # A stack of 16 KiB leaves a small direction in one page of memory: the less there is, the sooner it is clean again.
  exec "$candidate" --target=wasm32 $warnings -O2 -nostdlib -I "$sdk" -ffile-prefix-map="$sdk=direction" \
    -Wl,--no-entry -Wl,-z,stack-size=16384 -o "$2" "$1"
done
echo "clang with wasm-ld is missing: (Debian) apt-get install clang lld" >&2
exit 1
