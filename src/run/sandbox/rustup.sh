#!/bin/sh
# rustup in a sandbox. The toolchain is the one of this machine, and nothing can be installed into it: what a step asks for
# is here already, or it is named.
subject=""
action=""
names=""
value=false
for word in "$@"; do
    if $value; then
        value=false
        continue
    fi
    case $word in
    --toolchain | --profile) value=true ;;
    -* | +*) ;;
    *) if [ -z "$subject" ]; then subject=$word; elif [ -z "$action" ]; then action=$word; else names="$names $word"; fi ;;
    esac
done

is_here() {
    case $subject/$1 in
    component/clippy) command -v cargo-clippy ;;
    component/rustfmt) command -v rustfmt ;;
    component/rust-src) [ -d "$(rustc --print sysroot)/lib/rustlib/src" ] ;;
    component/rust-docs | component/cargo | component/rustc) true ;;
    component/*) command -v "$1" ;;
    target/*) [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ] ;;
    *) false ;;
    esac >/dev/null 2>&1
}

case $subject/$action in
component/add | target/add) ;;
update/* | self/update | set/*) echo "rustup: nothing to do in a sandbox" && exit 0 ;;
show/* | "/") rustc --version && exit 0 ;;
*) names=" \`rustup $subject${action:+ $action}$names\`" && subject="" ;;
esac
missing=""
# shellcheck disable=SC2086 # names of components have no blanks
for name in $names; do
    [ -n "$subject" ] && is_here "$name" || missing="$missing $name"
done
if [ -n "$missing" ]; then
    echo "rustup: not on this machine:$missing. A sandbox installs nothing into the system: install it here, or use a container engine." >&2
    exit 100
fi
echo "rustup: on this machine already:$names"
