#!/bin/sh
set -eu
. "$(dirname "$0")/../lib/common.sh"
stamp "$1"
