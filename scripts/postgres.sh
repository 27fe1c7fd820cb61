#!/usr/bin/env bash
# A throw-away PostgreSQL server for the tests, reachable from this machine only.
#
#   scripts/postgres.sh run COMMAND...   start, run COMMAND with WPRC_TEST_POSTGRES set, stop
#   eval "$(scripts/postgres.sh start)"  start one that stays, for many runs of pytest
#   scripts/postgres.sh stop             stop that one
#   scripts/postgres.sh down, up         let that one be away for a while, with what is in it
#
# A server named by WPRC_TEST_POSTGRES is used as it is. Where there can be no server the tests
# that need one are skipped, loudly; with CI=true that is a failure.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*" >&2; }

bins='' account='' dir='' url=''

# PostgreSQL refuses to run as root, so root hands its commands to an account without rights.
as_server() {
    if [ -n "$account" ]; then (cd / && runuser -u "$account" -- "$@"); else "$@"; fi
}

choose_account() {
    account=''
    [ "$(id -u)" -eq 0 ] || return 0
    command -v runuser >/dev/null || { say "root needs runuser (package util-linux)."; return 1; }
    for account in postgres nobody; do
        if id -u "$account" >/dev/null 2>&1; then return 0; fi
    done
    say "root needs an account named postgres or nobody to run the server."
    return 1
}

# Candidates, best first: what PATH finds, then Debian's folders from the newest, then pg_config's.
server_folders() {
    local found folder
    if found=$(command -v initdb); then dirname "$(readlink -f "$found")"; fi
    for folder in /usr/lib/postgresql/*/bin; do printf '%s\n' "$folder"; done | sort -rV
    if command -v pg_config >/dev/null; then pg_config --bindir; fi
}

# Only a folder with all three will do: client packages bring a pg_config without a server.
find_server() {
    local folder
    while read -r folder; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] &&
            as_server "$folder/postgres" --version >/dev/null 2>&1; then
            bins=$folder
            return 0
        fi
    done < <(server_folders)
    return 1
}

install_server() {
    command -v apt-get >/dev/null || return 1
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
        root=(sudo -n)
    fi
    say "No PostgreSQL server was found: installing Debian's package (this happens once)."
    # Without this the package would make a database cluster of its own and start it.
    local dropin=/etc/postgresql-common/createcluster.d/wprc-tests.conf
    "${root[@]}" mkdir -p "${dropin%/*}"
    echo 'create_main_cluster = false' | "${root[@]}" tee "$dropin" >/dev/null
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive
        apt-get -q -y -o DPkg::Lock::Timeout=120)
    local log code=0
    log=$(mktemp)
    { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends postgresql; } \
        </dev/null >"$log" 2>&1 || code=$?
    "${root[@]}" rm -f "$dropin"
    [ "$code" -eq 0 ] || { say "apt-get failed:"; tail -n 15 "$log" >&2; }
    rm -f "$log"
    return "$code"
}

make_cluster() {
    # The account must be able to walk to the folder, which root's own TMPDIR may not allow. The
    # log stays in a part that only we can write to.
    local parent=${TMPDIR:-/tmp}
    [ -z "$account" ] || parent=/tmp
    dir=$(mktemp -d "$parent/wprc-postgres.XXXXXX") || return 1
    mkdir "$dir/server"
    [ -z "$account" ] || { chmod 711 "$dir" && chown "$account" "$dir/server"; }
    local data=$dir/server/data
    local options=(--pgdata "$data" --username postgres --auth trust --encoding UTF8 --no-sync)
    if ! as_server "$bins/initdb" "${options[@]}" --locale C.UTF-8 >"$dir/log" 2>&1; then
        # Not every system has that locale; initdb has removed what it made.
        as_server "$bins/initdb" "${options[@]}" --locale C >"$dir/log" 2>&1 || return 1
    fi
    # Nothing here has to survive a power cut.
    as_server tee -a "$data/postgresql.conf" >/dev/null <<-CONF
		listen_addresses = '127.0.0.1'
		unix_socket_directories = '$dir/server'
		unix_socket_permissions = 0700
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		shared_buffers = 32MB
	CONF
}

control() { as_server "$bins/pg_ctl" "$@" --pgdata "$dir/server/data" --wait --silent; }

# Another program may take a port between looking and binding, so the server itself is asked.
start_cluster() {
    local port
    for _ in 1 2 3 4 5 6 7 8; do
        port=$((20000 + RANDOM % 12000))
        if control start --log "$dir/server/log" --options "-p $port" \
            </dev/null >>"$dir/log" 2>&1; then
            url="postgresql://postgres@127.0.0.1:$port/postgres"
            return 0
        fi
    done
    return 1
}

stop_cluster() {
    [ -d "$dir" ] || return 0
    if [ -s "$dir/server/data/postmaster.pid" ]; then
        control stop --mode fast --timeout 10 >/dev/null 2>&1 ||
            control stop --mode immediate >/dev/null 2>&1 ||
            say "The PostgreSQL server in $dir could not be stopped."
    fi
    rm -rf "$dir"
}

start_server() {
    choose_account || return 1
    if ! find_server; then
        install_server || true
        choose_account || return 1
        find_server || { say "No PostgreSQL server was found and none could be installed."; return 1; }
    fi
    if ! make_cluster || ! start_cluster; then
        say "PostgreSQL from $bins did not start:"
        tail -n 15 "$dir/log" "$dir/server/log" >&2 || true
        stop_cluster
        return 1
    fi
    say "PostgreSQL ($("$bins/postgres" --version | cut -d ' ' -f 3)) is up at ${url#*@}."
}

no_server() {
    say "********************************************************************************"
    say "* NO POSTGRESQL: every test that needs it is skipped, so half of the storage"
    say "* stays unchecked. Install a server (Debian: apt-get install postgresql) or set"
    say "* WPRC_TEST_POSTGRES=postgresql://superuser@host:port/postgres and run again."
    say "********************************************************************************"
    [ "${CI:-}" != true ] || { say "CI must run on PostgreSQL, so this is a failure."; exit 1; }
}

run() {
    if [ -n "${WPRC_TEST_POSTGRES:-}" ]; then
        say "Using the PostgreSQL server that WPRC_TEST_POSTGRES names."
        exec "$@"
    fi
    # A second Ctrl-C must not leave the server behind.
    trap 'trap "" INT TERM HUP; stop_cluster' EXIT
    # After Ctrl-C the command ends by itself; a trap that exits runs the one above afterwards.
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if start_server; then export WPRC_TEST_POSTGRES=$url; else no_server; fi
    "$@"
}

one_that_stays() {
    dir=${WPRC_TEST_POSTGRES_DIR:?is not set: only a server started with start can be stopped}
    choose_account
    find_server
}

case ${1:-} in
run)
    shift
    run "$@"
    ;;
start)
    start_server || { no_server; exit 1; }
    printf 'export WPRC_TEST_POSTGRES=%s WPRC_TEST_POSTGRES_DIR=%s\n' "$url" "$dir"
    ;;
stop)
    one_that_stays
    stop_cluster
    ;;
down)
    one_that_stays
    control stop --mode fast --timeout 30
    ;;
up)
    one_that_stays
    port=${WPRC_TEST_POSTGRES##*:}
    control start --log "$dir/server/log" --options "-p ${port%%/*}" </dev/null >>"$dir/log" 2>&1
    ;;
*)
    sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
