# Sourced by tests/run and tests/postgres: what the tests need from Debian.

say() { echo "tests/$(basename "$0"): $*" >&2; }

# Installs Debian packages where that is allowed, and says what is missing where it is not.
install_packages() {
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            say "missing: $*. Install it first: sudo apt-get install $*"
            exit 1
        fi
        as_root=(sudo -n)
    fi
    if ! command -v apt-get >/dev/null; then
        say "missing: $*, and this is not a Debian; install it by hand"
        exit 1
    fi
    say "installing $*"
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >&2
}
