#!/usr/bin/env bash
# Installs the peers that the tests need, builds with warnings as errors, verifies formatting, runs all tests, and ends
# with one line "N passed, N failed". Exit code 0 only when all passed. Needs the .NET 10 SDK, Node 20+ and apt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
exec </dev/null

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build servers outlive the build; a test run leaves no process behind.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

# Debian's package, and the file (or pattern) that shows that it is there. Each is explained in docs/dependencies.md.
peers=(
  mosquitto:/usr/sbin/mosquitto
  mosquitto-clients:/usr/bin/mosquitto_sub
  rabbitmq-server:/usr/sbin/rabbitmq-server
  nats-server:/usr/sbin/nats-server
  python3-pymodbus:/usr/lib/python3/dist-packages/pymodbus/__init__.py
  python3-serial:/usr/lib/python3/dist-packages/serial/__init__.py
  python3-serial-asyncio:/usr/lib/python3/dist-packages/serial_asyncio/__init__.py
  python3-seccomp:/usr/lib/python3/dist-packages/seccomp.cpython-*.so
  libmodbus-dev:/usr/include/modbus/modbus.h
  mbpoll:/usr/bin/mbpoll
  gcc:/usr/bin/gcc
  libc6-dev:/usr/include/stdio.h
  systemd:/usr/bin/systemd-analyze
  tshark:/usr/bin/tshark
)

step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }
fail() { printf '\ntest.sh: %s\n' "$1" >&2; exit 1; }

check_tools() {
  command -v dotnet >/dev/null || fail 'the .NET 10 SDK is missing; see https://dotnet.microsoft.com/download'
  local sdk node
  sdk=$(dotnet --version 2>&1) || fail "the .NET SDK does not satisfy global.json: $sdk"
  [[ ${sdk%%.*} -ge 10 ]] || fail "the .NET SDK is $sdk; 10 or newer is needed"
  command -v node >/dev/null || fail 'Node.js is missing; version 20 or newer fetches the build-time parts from npm'
  node=$(node --version)
  node=${node#v}
  [[ ${node%%.*} -ge 20 ]] || fail "Node.js is $node; 20 or newer is needed"
}

install_peers() {
  local missing=() peer
  for peer in "${peers[@]}"; do
    compgen -G "${peer#*:}" >/dev/null || missing+=("${peer%%:*}")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  command -v apt-get >/dev/null || fail "these peers are missing and there is no apt-get: ${missing[*]}"
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || fail "installing ${missing[*]} needs root; run as root or install sudo"
    as_root=(sudo)
  fi

  echo "installing ${missing[*]}"
  # The tests start their own brokers on free ports: keep Debian from starting one on 1883. A policy that the machine
  # already has is left alone. RUNLEVEL=1 says the same to invoke-rc.d where the policy file may not be written.
  local policy=/usr/sbin/policy-rc.d ours=
  if [[ ! -e $policy ]]; then
    ours=$policy
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi

  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -q -y
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120)
  local good=yes
  { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } >"$results/apt.log" 2>&1 || good=
  [[ -z $ours ]] || "${as_root[@]}" rm -f "$ours"
  if [[ -z $good ]]; then
    tail -n 20 "$results/apt.log" >&2
    fail "apt-get could not install ${missing[*]}"
  fi
}

# Adds the counters of every results file to passed and failed; what neither passed nor failed was not shown.
read_results() {
  local file counters
  for file in "$results"/*.trx; do
    [[ -e $file ]] || continue
    counters=$(grep -o '<Counters [^>]*>' "$file" || true)
    passed=$((passed + $(counter passed "$counters")))
    failed=$((failed + $(counter total "$counters") - $(counter passed "$counters")))
  done
}

# The compiler server of this run is known by its pipe.
end_compiler() {
  local file
  for file in $(grep -ls -e "-pipename:$compiler" /proc/[0-9]*/cmdline || true); do
    kill "$(cut -d/ -f3 <<<"$file")" 2>/dev/null || true
  done
}

counter() { local value; value=$(grep -o " $1=\"[0-9]*\"" <<<"$2" | grep -o '[0-9]*' || true); echo "${value:-0}"; }

results=$PWD/TestResults
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0
compiler=edgetwin-$$
trap end_compiler EXIT

step 'tools'
check_tools
echo "dotnet $(dotnet --version), node $(node --version)"
step 'peers'
install_peers
# The peers that come from npm: devDependencies of package.json.
node src/EdgeTwin.OnnxRuntime/fetch-parts.mjs --peers >"$results/npm.log" 2>&1 \
  || { tail -n 20 "$results/npm.log" >&2; fail 'the peers could not be fetched from npm'; }
step 'build, warnings as errors'
# One compiler server for all projects takes half the time of one compiler for each.
dotnet build EdgeTwin.sln -c Release -warnaserror -v quiet --nologo -nodeReuse:false \
  -p:UseSharedCompilation=true -p:SharedCompilationId="$compiler" || fail 'the build failed'
end_compiler
step 'formatting'
# Style rules and analyzers are warnings, so the build has already failed on them; this is the rest.
dotnet format whitespace EdgeTwin.sln --verify-no-changes --no-restore \
  || fail "the formatting differs; 'dotnet format' repairs it"
step 'tests'
# A skipped test counts as failed: what cannot run here was not shown. A hanging one is ended and named.
good=yes
dotnet test EdgeTwin.sln -c Release --no-build --nologo -v quiet --results-directory "$results" \
  --logger 'trx;LogFilePrefix=tests' --logger 'console;verbosity=minimal' \
  --blame-hang --blame-hang-timeout 300s --blame-hang-dump-type none >"$results/tests.log" 2>&1 || good=
# Everything but the stack frames of the runtime: names, messages and our own lines.
grep -v -E '^\s+at (System|Xunit|Microsoft)\.|^\s*$|^--- End of stack trace' "$results/tests.log" | tail -n 400 || true
read_results
# A run that was cut off may have counted nothing, or not all.
if [[ -z $good && $failed -eq 0 ]]; then
  echo 'the test run ended early; TestResults/tests.log has the details' >&2
  failed=1
fi

printf '\n(%d s)\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
