#!/usr/bin/env bash
# Installs a Debian package into a folder that knows this machine's packages, uses it, removes it.
#
#   check_deb.sh PACKAGE.deb CAPTURES
#
# Nothing of the machine changes: dpkg works on a root of its own, with a copy of the list of
# installed packages, so that dependencies are really checked. dpkg wants to be root.
set -euo pipefail
package=$1 captures=$2
if (($(id -u) != 0)); then
  echo "Only root can install a package: not checked."
  exit 0
fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers,alternatives}
cp /var/lib/dpkg/status "$root/var/lib/dpkg/status"
# dpkg speaks of every package whose list of files it does not find: empty ones will do.
(cd /var/lib/dpkg/info && printf '%s\0' *.list) | (cd "$root/var/lib/dpkg/info" && xargs -0 touch)
dpkg --root="$root" --log=/dev/null -i "$package" >/dev/null
[[ $(dpkg --root="$root" -s rdpscope | grep ^Status:) == "Status: install ok installed" ]]
"$root/usr/bin/rdpscope" "$captures" | grep -q FAILURE
zcat "$root/usr/share/man/man1/rdpscope.1.gz" | grep -q '^\.Dt RDPSCOPE'
grep -q _rdpscope "$root/usr/share/bash-completion/completions/rdpscope"
python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["bomFormat"] == "CycloneDX"' \
  "$root/usr/share/doc/rdpscope/rdpscope.cdx.json"
(cd "$root" && md5sum --quiet -c var/lib/dpkg/info/rdpscope.md5sums)
dpkg --root="$root" --log=/dev/null -r rdpscope >/dev/null
if find "$root/usr" -name '*rdpscope*' 2>/dev/null | grep .; then
  echo "These were left behind." >&2
  exit 1
fi
echo "$package installs, works and is removed without a trace."
