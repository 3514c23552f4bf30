#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, and runs every test that takes less than a minute; those that need a screen get a
# virtual one. Arguments go to ctest: `packaging/test.sh -L long` runs the long ones, `-R tst_nifti` one of them.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
install_packages
preset=${CONSILIUM_PRESET:-release}
build "$preset"
trap total_time EXIT

selection=(-LE long)
for argument in "$@"; do
    case $argument in
    -L | -L* | --label-regex | -LE*) selection=() ;;
    esac
done
ctest --test-dir "$top/build/$preset" --output-on-failure "${selection[@]}" "$@"
