#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, and runs the demo study: a host and three sites, each a process of its own, over TLS.
# With a display the desktop opens on it; without one the same desktop runs on a virtual screen and leaves its pictures in
# build/demo/. Arguments go to the desktop (--theme light, ...).
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
install_packages
build release consilium consilium-node volume-segmentation
trap total_time EXIT

bin=$top/build/release/bin
out=$top/build/demo
rm -rf "$out"
mkdir -p "$out"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "Starting the demo study in $out/study; the window shows it"
    "$bin/consilium-node" demo --out "$out/study" >"$out/demo.log" 2>&1 &
    node=$!
    # The window belongs to the reader: when it is closed, so is the demo.
    trap 'kill "$node" 2>/dev/null || true; wait "$node" 2>/dev/null || true; total_time' EXIT
    until [ -f "$out/study/study.json" ] || ! kill -0 "$node" 2>/dev/null; do sleep 0.2; done
    "$bin/consilium" --study "$out/study" "$@"
else
    say "No display: running the desktop on a virtual screen"
    xvfb-run -a -s "-screen 0 1440x900x24" "$bin/consilium" --tour "$out" "$@"
    cp "$out/study/report.txt" "$out/report.txt"
    cat "$out/report.txt"
    say "Pictures and report:"
    find "$out" -maxdepth 1 -type f | sort
fi
