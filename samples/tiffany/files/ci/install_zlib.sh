#!/bin/sh
# Installs the C library that tiffany is built on, for pipelines and for a new laptop with Debian or Ubuntu.
set -eu

apt-get update -qq
apt-get install -y -qq --no-install-recommends zlib1g-dev

# An installation that went wrong is noticed here, and not as a riddle of the linker later.
printf '#include <zlib.h>\nint main(void) { return zlibVersion()[0] == ZLIB_VERSION[0] ? 0 : 1; }\n' >zlib-check.c
cc -o zlib-check zlib-check.c -lz
./zlib-check
rm zlib-check zlib-check.c
echo "zlib is here"
