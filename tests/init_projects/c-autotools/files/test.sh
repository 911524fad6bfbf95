#!/bin/sh
test "$(./mast)" = "up"
