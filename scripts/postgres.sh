# A throw-away PostgreSQL cluster, for scripts that source this file: programs, start, stop. It lives in
# /tmp, is reached only through a Unix socket that nobody else can open, and stops by itself should
# the script be killed. `start_postgres` exports EXPERT_POOL_TEST_POSTGRES.

readonly OLDEST_POSTGRES=15
scratch=
server=

fail() {
  printf '%s: %s\n' "$0" "$1" >&2
  exit "${2:-1}"
}

stop_postgres() {
  if [[ -n $server ]]; then
    # SIGQUIT: leave at once, as nothing of the cluster is kept.
    kill -QUIT "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  [[ -z $scratch ]] || rm -rf "$scratch"
}

# The folder of the newest PostgreSQL server that is new enough; fails when there is none.
postgres_programs() {
  local folder version
  folder=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort | tail -n 1)
  [[ -x $folder/initdb ]] || folder=$(dirname "$(command -v initdb || echo /none/initdb)")
  [[ -x $folder/initdb && -x $folder/postgres ]] || return 1
  version=$("$folder/postgres" --version)
  [[ $version =~ [0-9]+ ]] && ((BASH_REMATCH[0] >= OLDEST_POSTGRES)) || return 1
  printf '%s\n' "$folder"
}

start_postgres() {
  local programs as_owner=() tries
  programs=$(postgres_programs)
  # Directly in /tmp: the path of a socket may not be longer than 107 bytes.
  scratch=$(mktemp -d /tmp/expert-pool-test.XXXXXX)
  if ((EUID == 0)); then
    # PostgreSQL refuses to run as root.
    chown postgres: "$scratch"
    as_owner=(--reuid=postgres --regid=postgres --init-groups)
  fi

  (
    cd "$scratch"
    setpriv "${as_owner[@]}" "$programs/initdb" --pgdata=data --username=expert_pool --auth=trust \
      --encoding=UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1
  ) || fail "initdb failed: $(cat "$scratch/initdb.log")"

  # Nothing need survive a crash, so nothing is flushed. The zone is not UTC, so that a test notices
  # who leans on the server's zone.
  (
    cd "$scratch"
    exec setpriv --pdeathsig=TERM "${as_owner[@]}" "$programs/postgres" -D data -k "$scratch" \
      -c listen_addresses= -c max_connections=300 -c timezone=Asia/Shanghai \
      -c fsync=off -c full_page_writes=off -c synchronous_commit=off >postgres.log 2>&1
  ) &
  server=$!
  for ((tries = 0; tries < 300; tries++)); do
    if "$programs/pg_isready" --quiet --host="$scratch" --username=expert_pool --dbname=postgres; then
      export EXPERT_POOL_TEST_POSTGRES="postgres:///postgres?host=$scratch&user=expert_pool"
      return
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  fail "PostgreSQL did not start: $(cat "$scratch/postgres.log")"
}
