# As the image does: makes a cluster, then the database, then becomes the server.
programs=$1 data=$2 address=$3 sockets=$4
shift 4
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
if [ -z "$POSTGRES_PASSWORD" ] && [ "$method" != trust ]; then
    echo "PostgreSQL has no password to begin with: set POSTGRES_PASSWORD in this service's environment" >&2
    echo "(or POSTGRES_HOST_AUTH_METHOD: trust, where everybody may come in)." >&2
    exit 1
fi
PATH=$programs:$PATH
umask 077
mkdir -p "$data" || exit 1
printf '%s\n' "${POSTGRES_PASSWORD:-none}" >"$data.password"
make() { initdb -D "$data" -U "$user" --pwfile="$data.password" --auth-local=trust --no-sync -E UTF8 "$@" >"$data.log" 2>&1; }
make --locale=C.UTF-8 || make --no-locale || { cat "$data.log" >&2; exit 1; }
rm -f "$data.password" "$data.log"
echo "host all all all $method" >>"$data/pg_hba.conf"
if [ "$database" != postgres ]; then
    quoted=$(printf '%s' "$database" | sed 's/"/""/g')
    printf 'CREATE DATABASE "%s"\n' "$quoted" | postgres --single -D "$data" postgres >/dev/null || exit 1
fi
[ "$1" = postgres ] && shift
[ -z "$sockets" ] || mkdir -p "$sockets"
exec postgres -D "$data" -c listen_addresses="$address" -c unix_socket_directories="$sockets" "$@"
