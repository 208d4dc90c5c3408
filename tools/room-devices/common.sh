# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The zonder contributors
# SPDX-License-Identifier: EUPL-1.2
#
# What every device of this folder does, from a cable in a dark port to a mark on a page. Sourced; see
# README.md for what must be in the environment. Nothing here ends the script when something fails:
# that is what a room is for. What happens is told on standard output, "SECONDS EVENT DETAILS" a line.
: "${DEVICE_NAME:?}" "${DEVICE_FOLDER:?}" "${DEVICE_TOOLS:?}"
LINK=${LINK:-eth0}
PATIENCE=${PATIENCE:-3} # seconds, of a person or a program that gives up
export DEVICE_FOLDER LINK

tell() {
  echo "$(date +%s.%3N) $*"
}

# Waits up to $1 tenths of a second until the rest succeeds.
within() {
  tenths=$1
  shift
  while [ "$tenths" -gt 0 ]; do
    "$@" && return 0
    sleep 0.1
    tenths=$((tenths - 1))
  done
  return 1
}

plug_in() {
  tell plugged-in
  ip link set lo up
  ip link set "$LINK" up
}

has_address() {
  ip -4 -o addr show dev "$LINK" scope global | grep -q inet
}

# An address by DHCP, as Debian's and many other systems ask for it.
ask_with_dhclient() {
  command -v dhclient >/dev/null || return 1
  dhclient -4 -1 -q -sf "$DEVICE_TOOLS/lease" -lf "$DEVICE_FOLDER/leases" -pf "$DEVICE_FOLDER/dhclient.pid" \
    "$LINK" >"$DEVICE_FOLDER/dhclient.log" 2>&1
  has_address
}

# The same, as small devices and phones without much around them do.
ask_with_udhcpc() {
  udhcpc -i "$LINK" -b -R -t 20 -T 1 -A 2 -s "$DEVICE_TOOLS/lease" -p "$DEVICE_FOLDER/udhcpc.pid" \
    >"$DEVICE_FOLDER/udhcpc.log" 2>&1
  within 100 has_address
}

get_address() {
  if "$@"; then
    tell address "$(ip -4 -o addr show dev "$LINK" scope global | awk '{sub("/.*", "", $4); print $4; exit}')"
  else
    tell no-address
    return 1
  fi
}

# --- The page of the room -------------------------------------------------------------------------

ask_page() {
  curl -sS -m 5 -b "$DEVICE_FOLDER/cookies" -c "$DEVICE_FOLDER/cookies" "$@"
}

# The value of the first hidden field of that name on the page that is read.
field() {
  tr '<' '\n' | sed -n "s/.*name=\"$1\".*value=\"\\([^\"]*\\)\".*/\\1/p;s/.*value=\"\\([^\"]*\\)\".*name=\"$1\".*/\\1/p" | head -n 1
}

# Where somebody who has not joined is sent when the device asks for $1 by itself.
sent_to() {
  page_url=$(curl -sS -m 2 -o /dev/null -w '%{redirect_url}' "$1" 2>/dev/null)
  [ -n "$page_url" ]
}

token_of_page() {
  token=$(ask_page "$page_url" 2>/dev/null | field token)
  [ -n "$token" ]
}

# Joins as a person does who gets the notice "sign in to this network": $1 is what the device asks for
# to find out whether there is an internet.
join() {
  within 100 sent_to "$1" || { tell no-page; return 1; }
  tell page "$page_url"
  within 20 token_of_page || { tell no-form; return 1; }
  code=$(ask_page -o "$DEVICE_FOLDER/joined.html" -w '%{http_code}' --data-urlencode "token=$token" \
    --data-urlencode "name=$DEVICE_NAME" -d consent=yes "${page_url%/}/join")
  case $code in
    303) tell joined ;;
    *)
      tell not-joined "$code"
      return 1
      ;;
  esac
}

# $1 of the page's forms, with the token of the page as it is now; the rest are its fields.
send_form() {
  form=$1
  shift
  token_of_page || return 1
  code=$(ask_page -o "$DEVICE_FOLDER/sent.html" -w '%{http_code}' --data-urlencode "token=$token" "$@" "${page_url%/}/$form")
  [ "$code" = 303 ]
}

# The number of a task by its title in the task file: its place, from 0.
task_number() {
  grep -n '^ *- title: ' "$TASK_FILE" | sed 's/^[0-9]*: *- title: *//' | grep -nxF -- "$1" | head -n 1 | awk -F: '{print $1 - 1}'
}

# mark TITLE MARK NOTE
mark() {
  number=$(task_number "$1")
  if [ -n "$number" ] && send_form mark -d "task=$number" -d "mark=$2" --data-urlencode "note=$3"; then
    tell marked "$2" "$1"
  else
    tell not-marked "$1"
  fi
}

# Does a task, and marks it by how that ended: try_task TITLE COMMAND...
try_task() {
  title=$1
  shift
  if "$@" >"$DEVICE_FOLDER/task.log" 2>&1; then
    mark "$title" works ""
  else
    mark "$title" stopped "$(tail -n 1 "$DEVICE_FOLDER/task.log" | cut -c 1-120)"
  fi
}

leave() {
  send_form leave && tell left
}

# --- What people and programs do ------------------------------------------------------------------

# visit URL WORD: opens a page, on which the word must stand.
visit() {
  curl -fsSL -m "$PATIENCE" "$1" | grep -q "$2"
}

# sign_in START END: OpenID Connect, as a browser goes through it: from the site to the party that knows
# who somebody is, the log-in, the consent, and back to the site with a code.
sign_in() {
  jar=$DEVICE_FOLDER/browser
  step() { curl -fsSL -m "$PATIENCE" -b "$jar" -c "$jar" -o /dev/null -w '%{url_effective}' "$@"; }
  rm -f "$jar"
  where=$(step "$1") || return 1
  where=$(step -d prompt=login -d "login=${PERSON:-a.jansen@voorbeeldstad.example}" -d password=x "$where") || return 1
  where=$(step -d prompt=consent "$where") || return 1
  case $where in
    "$2"*) ;;
    *) return 1 ;;
  esac
}

# ask_udp HOST PORT HEX: sends a datagram; succeeds when something comes back.
ask_udp() {
  python3 - "$@" <<'PY'
import socket, sys
host, port, text = sys.argv[1:4]
for family, kind, protocol, _, where in socket.getaddrinfo(host, int(port), type=socket.SOCK_DGRAM):
    with socket.socket(family, kind, protocol) as asked:
        asked.settimeout(1)
        try:
            asked.sendto(bytes.fromhex(text), where)
            asked.recv(2048)
            sys.exit(0)
        except OSError as problem:
            error = problem
sys.exit(f"{host} port {port}: {error}")
PY
}
