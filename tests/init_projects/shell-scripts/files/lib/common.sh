#!/bin/sh
# To be sourced.

stamp() {
    echo "$1.bak"
}
