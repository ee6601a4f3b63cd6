#!/usr/bin/env bash
# Makes the release twice, from two clones in folders of different names, and compares the octets.
#
#   check_reproducible.sh
#
# Two whole builds: a quarter of an hour on two cores.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q "$root" "$work/one"
git clone -q "$work/one" "$work/another-name"
for name in one another-name; do make -C "$work/$name" release; done
cd "$work"
status=0
for file in one/build/release/*; do
  other=another-name/build/release/${file##*/}
  if cmp "$file" "$other"; then sha256sum "$file"; else status=1; fi
done
# Which of what is inside differs, and where.
if ((status)); then
  for name in one another-name; do
    mkdir "$name/inside"
    tar -C "$name/inside" -xzf "$name"/build/release/*.tar.gz
  done
  diff -rq one/inside another-name/inside || true
  cmp -l {one,another-name}/inside/*/bin/rdpscope | head -20 || true
fi
exit "$status"
