#!/bin/sh
set -eu
target=${1:-/opt/it}
mkdir -p "$target"
