# Keeps nothing on the disk unless it is told to, and lets everybody in who reaches it, as the image does.
programs=$1 data=$2 address=$3
shift 4
mkdir -p "$data" && cd "$data" || exit 1
[ "$1" = redis-server ] && shift
case $1 in '' | -*) set -- --bind "$address" --protected-mode no "$@" ;; esac
exec "$programs/redis-server" "$@"
