#!/bin/sh
# apt-get, apt and apk in a sandbox. The system is the one of this machine, and nothing can be installed into it: what a
# step asks for is here already, or it is named.
own=$(basename "$0")
words=""
for word in "$@"; do
    case $word in
    -*) ;;
    *) words="$words $word" ;;
    esac
done
# shellcheck disable=SC2086 # names of packages have no blanks
set -- $words
case ${1:-} in
install | add) shift ;;
*) echo "$own: nothing to do in a sandbox" && exit 0 ;;
esac

is_here() {
    # Some packages have no program of their own name.
    case $1 in
    build-essential | build-base | gcc | g++ | musl-dev | libc-dev | libc6-dev) command -v cc ;;
    libtool) command -v libtoolize ;;
    golang | golang-go) command -v go ;;
    nodejs) command -v node ;;
    gnupg) command -v gpg ;;
    coreutils | util-linux | tzdata) true ;;
    # Each system has them elsewhere.
    ca-certificates) [ -e /etc/ssl/certs ] || [ -e /etc/ssl/cert.pem ] || [ -e /etc/pki ] ;;
    *) command -v "$1" ;;
    esac >/dev/null 2>&1 && return
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=""
for package in "$@"; do
    name=${package%%[=<>~@]*}
    is_here "$name" || missing="$missing $name"
done
if [ -n "$missing" ]; then
    echo "$own: not on this machine:$missing. A sandbox installs nothing into the system: install it here, or use a container engine." >&2
    exit 100
fi
echo "$own: on this machine already: $*"
