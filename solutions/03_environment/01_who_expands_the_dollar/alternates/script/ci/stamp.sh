#!/bin/sh
# Drone replaces nothing in here: this is not .drone.yml.
set -eu
python stamp.py --edition "${EDITION}" --commit "$1"
