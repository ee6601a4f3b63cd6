#!/usr/bin/env bash
# Makes what is handed out of a release build: a tarball, and on Debian a package.
#
#   package.sh BINARY FOLDER     writes FOLDER/rdpscope-VERSION-SYSTEM-MACHINE.tar.gz and, where
#                                dpkg-deb is, FOLDER/rdpscope_VERSION_ARCHITECTURE.deb
#
# The same binary and the same commit give the same octets: order, owners, modes and times are fixed
# (SOURCE_DATE_EPOCH, or the commit's own time).
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022
root=$(cd "$(dirname "$0")/.." && pwd)
binary=$1 folder=$2
version=$("$binary" --version)
: "${SOURCE_DATE_EPOCH:=$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}"
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder"

# What a release holds, laid out under a prefix.
stage() {
  local prefix=$1 share=$1/share
  install -d "$prefix/bin" "$share/man/man1" "$share/doc/rdpscope"
  install -m 755 "$binary" "$prefix/bin/rdpscope"
  # Two sections name what is stripped and where it was built: they would differ with the folder.
  strip --remove-section=.swift_modhash --remove-section=.note.gnu.build-id "$prefix/bin/rdpscope"
  gzip -9n <"$root/Docs/rdpscope.1" >"$share/man/man1/rdpscope.1.gz"
  local shell file
  while read -r shell file; do
    mkdir -p "$share/$(dirname "$file")"
    "$binary" --generate-completion-script "$shell" >"$share/$file"
  done <<'COMPLETIONS'
bash bash-completion/completions/rdpscope
zsh zsh/vendor-completions/_rdpscope
fish fish/vendor_completions.d/rdpscope.fish
COMPLETIONS
  install -m 644 "$root"/{LICENSE,NOTICE,README.md,CHANGELOG.md} "$root/Docs/causes.md" "$share/doc/rdpscope"
  "$root/Packaging/sbom.py" "$version" >"$share/doc/rdpscope/rdpscope.cdx.json"
}

tarball() {
  local name
  name=rdpscope-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
  stage "$work/$name"
  tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=ustar \
    -C "$work" -cf - "$name" | gzip -9n >"$folder/$name.tar.gz"
  echo "$folder/$name.tar.gz"
}

debian() {
  local architecture package=$work/debian glibc
  architecture=$(dpkg --print-architecture)
  stage "$package/usr"
  gzip -9n "$package/usr/share/doc/rdpscope/CHANGELOG.md"
  mv "$package/usr/share/doc/rdpscope/CHANGELOG.md.gz" "$package/usr/share/doc/rdpscope/changelog.gz"
  cat "$root/NOTICE" - >"$package/usr/share/doc/rdpscope/copyright" <<'COPYRIGHT'

On Debian systems the Apache License, version 2.0, is in /usr/share/common-licenses/Apache-2.0.
COPYRIGHT
  rm "$package/usr/share/doc/rdpscope/"{LICENSE,NOTICE}
  # The newest symbol version that the binary wants says which C library it needs.
  glibc=$(objdump -T "$package/usr/bin/rdpscope" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -1)
  install -d "$package/DEBIAN"
  cat >"$package/DEBIAN/control" <<CONTROL
Package: rdpscope
Version: $version
Architecture: $architecture
Maintainer: The rdpscope authors <rdpscope@localhost>
Installed-Size: $(du -sk --apparent-size "$package/usr" | cut -f1)
Depends: libc6 (>= $glibc), libpcap0.8 | libpcap0.8t64$(extra_libraries "$package/usr/bin/rdpscope")
Suggests: xz-utils, zstd, lz4, wireshark
Section: net
Priority: optional
Description: says why Remote Desktop connections broke
 Reads a packet capture and says, for every RDP connection in it, how far it
 got, how it ended and why, with the packets that prove it and what to change.
CONTROL
  (cd "$package" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$package/DEBIAN/md5sums"
  dpkg-deb --root-owner-group -Zxz --build "$package" \
    "$folder/rdpscope_${version}_$architecture.deb" >/dev/null
  echo "$folder/rdpscope_${version}_$architecture.deb"
}

# Packages of the C++ libraries that the Swift runtime wants, as far as the binary does.
extra_libraries() {
  local needed
  # Whole before it is searched: what stops reading at a match ends the program that writes.
  needed=$(objdump -p "$1" | grep NEEDED)
  if [[ $needed == *libstdc++* ]]; then printf ', libstdc++6'; fi
  if [[ $needed == *libgcc_s* ]]; then printf ', libgcc-s1'; fi
}

tarball
if command -v dpkg-deb >/dev/null && [[ $(uname -s) == Linux ]]; then debian; fi
