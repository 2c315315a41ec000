#!/bin/sh
# Looks whether the Node of this machine is young enough for the compiler of AssemblyScript, and says how to get one that is.
needs=20

version=$(node --version 2>/dev/null) || version=
major=${version#v}
major=${major%%.*}
case $major in
'' | *[!0-9]*) found="there is none here" ;;
*)
  [ "$major" -lt $needs ] || exit 0
  found="$version is here"
  ;;
esac
cat >&2 <<END
AssemblyScript needs Node $needs or later, and $found. Debian 12 has 18 only. One that fits comes
from https://nodejs.org/en/download: unpack it, and put its folder bin first in PATH. Debian 13 and later: apt-get install nodejs npm
END
exit 1
