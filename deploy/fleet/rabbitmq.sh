#!/usr/bin/env bash
# A cluster of three RabbitMQ nodes with the MQTT plug-in, all on this machine and reachable from it alone. It shares
# nothing with a RabbitMQ that may run here already: own ports, data folders, cookie and port mapper (epmd).
#
#   rabbitmq.sh up                 starts what does not run, and waits for the cluster
#   rabbitmq.sh start|stop|kill N  one node, N is 1, 2 or 3; kill is SIGKILL, as a crash
#   rabbitmq.sh ports              MQTT ports of the nodes
#   rabbitmq.sh status             the cluster as node 1 (or the first that runs) sees it
#   rabbitmq.sh down               stops everything; the data stays
#
# FLEET_FOLDER  data, logs, cookie (default: fleet-data beside this script)
# FLEET_PORT    MQTT ports are this plus 1, 2, 3 (default 18830); +11 … +13 connect the nodes, +20 is epmd
#
# Debian: apt-get install --no-install-recommends rabbitmq-server
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${FLEET_FOLDER:-$here/fleet-data}
base=${FLEET_PORT:-18830}
bin=/usr/lib/rabbitmq/bin
mapper_port=$((base + 20))
# Seconds. Where all three start again with their data, RabbitMQ 3.10 opens the MQTT port after two minutes only.
patience=300
started=

fail() { echo "rabbitmq.sh: $*" >&2; exit 1; }

[[ -x $bin/rabbitmq-server ]] || fail "there is no $bin/rabbitmq-server; install the package rabbitmq-server"
[[ $base =~ ^[0-9]+$ ]] && ((base > 1023 && base < 65500)) || fail "FLEET_PORT is '$base'; it is 1024 to 65499"

check_node() { [[ ${1:-} =~ ^[123]$ ]] || fail "'${1:-}' is no node; it is 1, 2 or 3"; }

# What every program of node N needs to know.
environment_of() {
  local n=$1
  local own=$folder/node$n
  environment=(HOME="$folder" ERL_CRASH_DUMP="$folder/erl_crash.dump" ERL_EPMD_PORT="$mapper_port" ERL_EPMD_ADDRESS=127.0.0.1 \
    RABBITMQ_NODENAME="fleet$n@localhost" RABBITMQ_DIST_PORT=$((base + 10 + n)) \
    RABBITMQ_BASE="$own" RABBITMQ_MNESIA_BASE="$own/mnesia" RABBITMQ_LOG_BASE="$own/log" \
    RABBITMQ_CONFIG_FILE="$own/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$own/enabled_plugins" \
    RABBITMQ_CONF_ENV_FILE="$own/none" RABBITMQ_PID_FILE="$own/pid" RABBITMQ_ALLOW_INPUT=1 \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-noinput +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}" \
    RABBITMQ_CTL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}")
}

in_node() {
  environment_of "$1"; shift
  env "${environment[@]}" "$@"
}

configure() {
  local n=$1 own=$folder/node$1
  mkdir -p "$own"
  if [[ ! -e $folder/.erlang.cookie ]]; then
    (umask 077; head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$folder/.erlang.cookie")
    chmod 400 "$folder/.erlang.cookie"
  fi
  echo '[rabbitmq_mqtt].' >"$own/enabled_plugins"
  # Quorum queues: what is acknowledged to a publisher is on the disks of two of the three nodes, so that the loss of
  # one loses nothing of a subscriber's session. The sessions outlive an hour's absence.
  cat >"$own/rabbitmq.conf" <<CONF
listeners.tcp = none
mqtt.listeners.tcp.1 = 127.0.0.1:$((base + n))
mqtt.allow_anonymous = true
mqtt.default_user = guest
mqtt.default_pass = guest
mqtt.durable_queue_type = quorum
mqtt.subscription_ttl = 3600000
mqtt.prefetch = 500
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = fleet1@localhost
cluster_formation.classic_config.nodes.2 = fleet2@localhost
cluster_formation.classic_config.nodes.3 = fleet3@localhost
cluster_partition_handling = pause_minority
log.file = rabbit.log
log.file.level = warning
log.console = false
CONF
}

pid_of() { cat "$folder/$1.pid" 2>/dev/null || true; }

# Whether the program whose id was noted still runs, and is still that program.
runs() {
  local pid; pid=$(pid_of "$1")
  [[ -n $pid && -d /proc/$pid ]] && cat "/proc/$pid/cmdline" "/proc/$pid/environ" 2>/dev/null | tr '\0' ' ' | grep -q -e "$2"
}

start_mapper() {
  runs epmd "epmd -port $mapper_port" && return
  mkdir -p "$folder"
  setsid epmd -port "$mapper_port" -address 127.0.0.1 >"$folder/epmd.log" 2>&1 </dev/null &
  echo $! >"$folder/epmd.pid"
}

start_node() {
  runs "node$1" "NODENAME=fleet$1@localhost" && return
  configure "$1"
  environment_of "$1"
  env "${environment[@]}" setsid "$bin/rabbitmq-server" >"$folder/node$1/out.log" 2>&1 </dev/null &
  echo $! >"$folder/node$1.pid"
  started=yes
}

await_node() {
  local since=$SECONDS
  until (exec 3<>"/dev/tcp/127.0.0.1/$((base + $1))") 2>/dev/null; do
    runs "node$1" "NODENAME=fleet$1@" || fail "node $1 has ended; see $folder/node$1/out.log and log/rabbit.log"
    ((SECONDS - since < patience)) || fail "node $1 does not listen after $patience s; see $folder/node$1/log/rabbit.log"
    sleep 0.5
  done
}

end() { # NAME SIGNAL
  local pid; pid=$(pid_of "$1")
  [[ -n $pid && -d /proc/$pid ]] || return 0
  kill "-$2" "$pid" 2>/dev/null || true
  local since=$SECONDS
  while [[ -d /proc/$pid ]] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; do
    ((SECONDS - since < 60)) || fail "$1 (process $pid) does not end"
    sleep 0.2
  done
  rm -f "$folder/$1.pid"
}

case ${1:-} in
  up)
    start_mapper
    for n in 1 2 3; do start_node $n; done
    for n in 1 2 3; do await_node $n; done
    [[ -z $started ]] || in_node 1 "$bin/rabbitmqctl" -q await_online_nodes 3 --timeout $patience
    echo "three nodes; MQTT on 127.0.0.1:$((base + 1)), :$((base + 2)), :$((base + 3))" ;;
  start) check_node "${2:-}"; start_mapper; start_node "$2"; await_node "$2" ;;
  stop) check_node "${2:-}"; end "node$2" TERM ;;
  kill) check_node "${2:-}"; end "node$2" KILL ;;
  ports) echo "$((base + 1)) $((base + 2)) $((base + 3))" ;;
  status)
    for n in 1 2 3; do
      runs "node$n" "NODENAME=fleet$n@localhost" || continue
      in_node $n "$bin/rabbitmqctl" -q cluster_status
      exit
    done
    fail "no node runs" ;;
  down)
    for n in 1 2 3; do end "node$n" TERM; done
    end epmd TERM ;;
  *) sed -n '2,16s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
