#!/bin/sh
set -e
test "$(./keel.sh a b)" = "keel 2"
