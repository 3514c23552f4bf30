# SPDX-License-Identifier: GPL-3.0-or-later
# What run.sh and test.sh share: install what is missing, configure, build. Sourced, not run.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
began=$SECONDS

# Qt asks for it; a login session sets it, a bare one does not.
if [ -z "${XDG_RUNTIME_DIR:-}" ]; then
    XDG_RUNTIME_DIR=$(mktemp -d)
    export XDG_RUNTIME_DIR
    chmod 700 "$XDG_RUNTIME_DIR"
fi

say() { printf '%s\n' "== $*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "Installing packages needs root: run this as root or install sudo" >&2
        exit 1
    fi
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
known() { apt-cache show "$1" >/dev/null 2>&1; }

# The packages of dependencies.txt that this machine lacks, one a line; of "a|b" the first that the distribution has.
missing_packages() {
    local line package
    while read -r line; do
        for package in ${line//|/ }; do
            if installed "$package"; then
                continue 2
            fi
        done
        for package in ${line//|/ }; do
            if known "$package"; then
                echo "$package"
                continue 2
            fi
        done
        echo "${line%%|*}"
    done < <(sed 's/#.*//; /^[[:space:]]*$/d' "$top/packaging/dependencies.txt")
}

install_packages() {
    if ! command -v apt-get >/dev/null; then
        say "This script knows Debian and Ubuntu; install what packaging/dependencies.txt lists by hand" >&2
        return
    fi
    [ -n "$(missing_packages)" ] || return 0
    say "Installing packages"
    as_root apt-get update -qq
    local packages
    mapfile -t packages < <(missing_packages)
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# build PRESET [TARGET...]
build() {
    local preset=$1
    shift
    say "Building ($preset)"
    cmake -S "$top" --preset "$preset" >"$top/build/configure-$preset.log" 2>&1 ||
        { tail -n 40 "$top/build/configure-$preset.log" >&2; exit 1; }
    # Two gigabytes a job: LibTorch's and ITK's headers are large.
    local jobs memory
    jobs=$(nproc)
    memory=$(awk '/MemAvailable/ {print int($2 / 2000000)}' /proc/meminfo)
    [ "$memory" -lt "$jobs" ] && jobs=$((memory > 0 ? memory : 1))
    cmake --build "$top/build/$preset" -j "$jobs" ${@:+--target "$@"} -- --quiet
    say "Built in $((SECONDS - began)) s"
}

total_time() { say "Total time: $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s"; }

cd "$top"
mkdir -p build
