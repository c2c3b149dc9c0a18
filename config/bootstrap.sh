#!/usr/bin/env bash
# Installs what Casegate needs to build and run on Debian 12 or later, and does nothing when all is there.
#
#   config/bootstrap.sh           for building and running
#   config/bootstrap.sh tests     also for the tests (npm and Go oracles, sanitizer and fuzzer run-times)
#
# Needs root, or a user who may use sudo; says so when it has neither. Debian 12 has no Botan 3, so there the newest
# botan3 source package of a newer suite is built once (about three minutes on two cores) into
# ${CASEGATE_CACHE:-~/.cache/casegate}, through a private apt source list: this machine's own list is not touched,
# and apt checks the archive's signature with the keyring that the machine already trusts.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
want_tests=no
case "${1:-}" in
  "") ;;
  tests) want_tests=yes ;;
  *) echo "usage: config/bootstrap.sh [tests]" >&2; exit 64 ;;
esac
cache=${CASEGATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/casegate}
botan_at_least=3.12
export DEBIAN_FRONTEND=noninteractive

say() { printf 'bootstrap: %s\n' "$*" >&2; }
die() { printf 'bootstrap: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo --preserve-env=DEBIAN_FRONTEND "$@"
  else
    die "'$1' needs root. Run this as root, or as a user who may use sudo, or ask an administrator to install: ${missing[*]:-the packages listed in config/bootstrap.sh}"
  fi
}

command -v apt-get >/dev/null || die "this script knows Debian's apt only. README.md lists what to install by hand elsewhere."

# ---- packages -------------------------------------------------------------------------------------------------------

packages=(g++ cmake ninja-build ccache pkg-config ca-certificates libboost1.81-dev libssl-dev libsqlite3-dev
          libspdlog-dev libfmt-dev libcli11-dev libtomlplusplus-dev libicu-dev libre2-dev)
apt_has() { apt-cache show "$1" 2>/dev/null | grep -q '^Package:'; }

# Debian 13 and later name another Boost.
boost_package() {
  for p in libboost1.81-dev libboost1.83-dev libboost1.88-dev libboost-dev; do
    if installed "$p" || apt_has "$p"; then echo "$p"; return; fi
  done
  echo libboost1.81-dev
}
installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

if [ "$want_tests" = yes ]; then
  packages+=(libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev clang golang-go golang-golang-x-mod-dev
             sqlite3 curl openssl)
  clang_major=$(clang --version 2>/dev/null | sed -n 's/.*version \([0-9]*\)\..*/\1/p' | head -1)
  packages+=("libclang-rt-${clang_major:-14}-dev")
  command -v npm >/dev/null || packages+=(nodejs npm)
fi

botan_packaged() { pkg-config --exists "botan-3 >= $botan_at_least" 2>/dev/null; }
modules=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/botan.modules" | LC_ALL=C sort -u | paste -sd, -)
key=$(printf '%s' "$modules" | sha256sum | cut -c1-12)
botan_cached() { compgen -G "$cache/botan-*-$key/lib/libbotan-3.a" >/dev/null; }

missing=()
collect_missing() {
  missing=()
  for p in "${packages[@]}"; do
    [ "$p" = libboost1.81-dev ] && p=$(boost_package)
    installed "$p" || missing+=("$p")
  done
}

collect_missing
if [ ${#missing[@]} -gt 0 ]; then
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  collect_missing
  as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# ---- Botan 3 --------------------------------------------------------------------------------------------------------

# The Debian mirrors this machine's apt already uses: the main one and the security one.
debian_mirrors() {
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null |
    sed 's,/*$,,' | grep -E '/debian(-security)?$' | LC_ALL=C sort -u
}

private_apt_list() {  # private_apt_list DIR: a source list of newer suites, for source packages only
  local dir=$1 site keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/src"
  : > "$dir/sources.list"
  while read -r site; do
    case "$site" in
      */debian-security)
        printf 'deb-src [signed-by=%s] %s %s main\n' "$keyring" "$site" trixie-security >> "$dir/sources.list" ;;
      *)
        for suite in trixie forky sid; do
          printf 'deb-src [signed-by=%s] %s %s main\n' "$keyring" "$site" "$suite" >> "$dir/sources.list"
        done ;;
    esac
  done < <(debian_mirrors)
  [ -s "$dir/sources.list" ] || die "found no Debian mirror in this machine's apt configuration; is /etc/apt/sources.list* empty?"
}

build_botan() {
  local work version prefix
  work=$(mktemp -d); trap 'rm -rf "$work"' RETURN
  local build_tools=(python3 dpkg-dev xz-utils make debian-archive-keyring)
  packages=("${build_tools[@]}"); collect_missing
  [ ${#missing[@]} -eq 0 ] || as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  private_apt_list "$work"
  local apt=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$work/lists"
             -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none)
  say "Botan $botan_at_least or newer is not packaged here: looking for its source package"
  apt-get "${apt[@]}" update -qq || true   # one unreachable suite is no reason to stop: the next line judges
  cd "$work/src"
  # Newest first. A mirror can list a version that it no longer (or does not yet) hold: then the next newest will do.
  while read -r version; do
    dpkg --compare-versions "$version" ge "$botan_at_least" || continue
    if apt-get "${apt[@]}" source -qq --download-only "botan3=$version" >/dev/null 2>"$work/err"; then break; fi
    say "botan3 $version is listed but not to be had; trying the next newest"
    rm -f -- *; version=
  done < <(apt-cache "${apt[@]}" showsrc botan3 2>/dev/null | sed -n 's/^Version: //p' | sort -rVu; echo)
  [ -n "${version:-}" ] || { cat "$work/err" >&2 2>/dev/null || true; die "no botan3 source package of $botan_at_least or newer could be fetched"; }
  dpkg-source --no-check -x ./*.dsc botan >/dev/null   # apt has checked every file against the signed index
  prefix=$cache/botan-${version%%+*}-$key
  say "building Botan $version (about three minutes on two cores)"
  cd botan
  python3 configure.py --prefix="$work/install" --amalgamation --minimized-build --enable-modules="$modules" \
    --build-targets=static --without-documentation --disable-shared-library --cxxflags="-O2 -fPIC" > "$work/configure.log" 2>&1 ||
    { tail -20 "$work/configure.log" >&2; die "Botan's configure step failed"; }
  make -j"$(nproc)" > "$work/make.log" 2>&1 || { tail -20 "$work/make.log" >&2; die "Botan did not build"; }
  make install >> "$work/make.log" 2>&1 || { tail -20 "$work/make.log" >&2; die "Botan did not install"; }
  mkdir -p "$cache"
  rm -rf "$prefix.new"; cp -r "$work/install" "$prefix.new"
  rm -rf "$prefix"; mv "$prefix.new" "$prefix"
  say "Botan is in $prefix"
}

if ! botan_packaged && ! botan_cached; then
  if apt_has libbotan-3-dev && dpkg --compare-versions "$(apt-cache policy libbotan-3-dev | sed -n 's/ *Candidate: //p')" ge "$botan_at_least"; then
    say "installing libbotan-3-dev"
    as_root apt-get install -y -qq --no-install-recommends libbotan-3-dev >/dev/null
  else
    (build_botan)
  fi
fi

# ---- oracles for the tests ------------------------------------------------------------------------------------------

if [ "$want_tests" = yes ]; then
  oracles=$here/../tests/oracles
  stamp=$oracles/node_modules/.casegate-lock
  if [ -f "$oracles/package-lock.json" ] && ! cmp -s "$oracles/package-lock.json" "$stamp"; then
    say "installing the npm oracles of tests/oracles"
    (cd "$oracles" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    cp "$oracles/package-lock.json" "$stamp"
  fi
fi
