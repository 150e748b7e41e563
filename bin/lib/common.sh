# Shared by bin/run, bin/dev and bin/test. Source it from the repository's root.
# Nothing here asks questions, and everything works when run twice.

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
fail() { printf 'sonnim: %s\n' "$*" >&2; exit 1; }

# true when version $1 is at least $2
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

RUST_NEEDED=1.95
NODE_NEEDED=20.19

need_rust() {
  command -v cargo >/dev/null 2>&1 || PATH="$HOME/.cargo/bin:$PATH"
  command -v cargo >/dev/null 2>&1 || fail "Rust is missing: install Rust $RUST_NEEDED or newer from https://rustup.rs"
  local have
  have=$(rustc --version 2>/dev/null | cut -d' ' -f2)
  at_least "$have" "$RUST_NEEDED" || fail "Rust $have is too old: Sonnim needs $RUST_NEEDED or newer (rustup update)"
  command -v cc >/dev/null 2>&1 || fail "a C compiler is missing: install one (Debian: apt-get install build-essential)"
  export PATH
}

need_node() {
  command -v node >/dev/null 2>&1 || fail "Node is missing: install Node $NODE_NEEDED or newer from https://nodejs.org"
  local have
  have=$(node --version | tr -d v)
  at_least "$have" "$NODE_NEEDED" || fail "Node $have is too old: Sonnim needs $NODE_NEEDED or newer"
  command -v npm >/dev/null 2>&1 || fail "npm is missing: install it along with Node"
}

target_folder() { printf '%s' "${CARGO_TARGET_DIR:-target}"; }

# npm ci in folder $1, only when its lock file changed since the last time
npm_install() {
  local stamp="$1/node_modules/.sonnim-lock"
  if ! cmp -s "$1/package-lock.json" "$stamp"; then
    say "installing packages in $1"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error </dev/null) || return 1
    cp "$1/package-lock.json" "$stamp"
  fi
}

# The web app, only when one of its files is newer than the last build.
build_web() {
  [ -f web/package.json ] || return 0
  npm_install web
  local stamp=web/app/dist/.built
  if [ ! -f "$stamp" ] || [ -n "$(find web docs/openapi.json -newer "$stamp" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print -quit 2>/dev/null)" ]; then
    say "building the web app"
    (cd web && npm run --silent build </dev/null) || return 1
    touch "$stamp"
  fi
}
