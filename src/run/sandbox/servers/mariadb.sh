# As the images do: makes the tables of the system, then the database and the user, then becomes the server.
programs=$1 data=$2 address=$3
shift 4
any() { for it; do [ -z "$it" ] || { printf '%s' "$it"; return; }; done; }
root=$(any "$MARIADB_ROOT_PASSWORD" "$MYSQL_ROOT_PASSWORD")
user=$(any "$MARIADB_USER" "$MYSQL_USER")
password=$(any "$MARIADB_PASSWORD" "$MYSQL_PASSWORD")
database=$(any "$MARIADB_DATABASE" "$MYSQL_DATABASE")
empty=$(any "$MARIADB_ALLOW_EMPTY_ROOT_PASSWORD" "$MYSQL_ALLOW_EMPTY_PASSWORD" "$MARIADB_RANDOM_ROOT_PASSWORD" "$MYSQL_RANDOM_ROOT_PASSWORD")
if [ -z "$root$empty" ]; then
    echo "The server has no password for root to begin with: set MARIADB_ROOT_PASSWORD (or MYSQL_ROOT_PASSWORD) in this" >&2
    echo "service's environment (or MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: 1)." >&2
    exit 1
fi
PATH=$programs:$PATH
umask 077
mkdir -p "$data" || exit 1
mariadb-install-db --no-defaults --datadir="$data/db" --auth-root-authentication-method=normal --skip-test-db \
    >"$data/log" 2>&1 || { cat "$data/log" >&2; exit 1; }
text() { printf "'%s'" "$(printf '%s' "$1" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")"; }
name() { printf '`%s`' "$(printf '%s' "$1" | sed 's/`/``/g')"; }
{
    echo "CREATE USER root@'%' IDENTIFIED BY $(text "$root");"
    echo "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
    echo "ALTER USER root@localhost IDENTIFIED BY $(text "$root");"
    [ -z "$database" ] || echo "CREATE DATABASE $(name "$database");"
    [ -z "$user" ] || echo "CREATE USER $(text "$user")@'%' IDENTIFIED BY $(text "$password");"
    [ -z "$user" ] || [ -z "$database" ] || echo "GRANT ALL ON $(name "$database").* TO $(text "$user")@'%';"
} >"$data/init.sql"
case $1 in mariadbd | mysqld) shift ;; esac
exec mariadbd --no-defaults --datadir="$data/db" --bind-address="$address" --socket="$data/socket" \
    --pid-file="$data/pid" --init-file="$data/init.sql" "$@"
