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
# Whatever library it loads is of a package that it depends on.
depends=$(dpkg-deb -f "$package" Depends)
for library in $(objdump -p "$root/usr/bin/rdpscope" | awk '$1 == "NEEDED" { print $2 }'); do
  owners=$(dpkg -S "*/$library" | cut -d: -f1)
  if ! grep -qwF "$owners" <<<"$depends"; then
    echo "$library is of $owners, which the package does not depend on: $depends" >&2
    exit 1
  fi
done
# grep reads to the end: what writes into a closed pipe fails.
"$root/usr/bin/rdpscope" "$captures" | grep FAILURE >/dev/null
zcat "$root/usr/share/man/man1/rdpscope.1.gz" | grep '^\.Dt RDPSCOPE' >/dev/null
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
