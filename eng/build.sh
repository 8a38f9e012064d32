# Sourced by scripts that build and run: one way to build, and one timestamp of the last build.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
stamp=$root/artifacts/warder.stamp # As old as the start of the last build of the command line.
command_line=$root/artifacts/bin/Warder.Cli/release

# Whether the built command line is newer than all files in src/. Folders count too: a deleted file changes its folder.
is_current() {
  [[ -f $stamp && -f $command_line/warder.dll ]] &&
    [[ -z $(find "$root/src" "$root"/Directory.*.props "$root/global.json" -newer "$stamp" ! -name packages.lock.json -print -quit) ]]
}

need_dotnet() {
  command -v dotnet >/dev/null && return
  echo "Warder is built with the .NET 10 SDK, and there is no \`dotnet\` on the PATH. How to get it: https://dot.net/download" >&2
  exit 127
}

# lock: waits for other builds in this checkout. unlock: releases the lock.
lock() {
  mkdir -p "$root/artifacts"
  exec 9>>"$root/artifacts/build.lock"
  if command -v flock >/dev/null; then flock 9; fi
}

unlock() {
  exec 9>&-
}

# build PROJECT|SOLUTION: reports its progress on standard error, and shows the compiler's output only when it fails.
build() {
  need_dotnet
  local target=$1 log=$root/artifacts/build.log began=$SECONDS
  echo "Building $target …" >&2
  touch "$stamp.next"
  # Without the lock's descriptor: the compiler's server outlives the build, and would hold the lock as long.
  if ! (cd "$root" && dotnet build "$target" -c Release -nologo -v quiet "-clp:ErrorsOnly;NoSummary" -tl:off -nodeReuse:false) >"$log" 2>&1 </dev/null 9>&-; then
    cat "$log" >&2
    echo "Building $target failed." >&2
    return 1
  fi
  case $target in
    Warder.slnx | src/Warder.Cli) mv "$stamp.next" "$stamp" ;;
  esac
  echo "Built in $((SECONDS - began)) s." >&2
}

# packages_of FOLDER: installs the packages of its package-lock.json, unless that was done.
packages_of() {
  local folder=$root/$1
  [[ ! -d $folder/node_modules || $folder/package-lock.json -nt $folder/node_modules ]] || return 0
  (cd "$folder" && npm ci --no-audit --no-fund >&2 && mkdir -p node_modules && touch node_modules)
}

# Makes built programs find the runtime of the SDK on the PATH.
find_runtime() {
  local dotnet
  if [[ -z ${DOTNET_ROOT-} ]] && dotnet=$(command -v dotnet) && dotnet=$(readlink -f "$dotnet") && [[ -d ${dotnet%/*}/host/fxr ]]; then
    export DOTNET_ROOT=${dotnet%/*}
  fi
}
