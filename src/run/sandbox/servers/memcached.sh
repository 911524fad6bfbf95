programs=$1 address=$3
shift 4
[ "$1" = memcached ] && shift
exec "$programs/memcached" -l "$address" "$@"
