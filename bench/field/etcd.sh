# etcd, in which ten values are put. Where it stops by itself, its code is ours.
# $1: the unpacked package.
set -euo pipefail
tmp=${TMPDIR:-/tmp}
port=$((20000 + RANDOM % 20000))
here=http://127.0.0.1:$port
"$1/usr/bin/etcd" --data-dir "$tmp/data" --listen-client-urls "$here" \
  --advertise-client-urls "$here" \
  --listen-peer-urls "http://127.0.0.1:$((port + 1))" &
server=$!
trap 'kill -9 $server 2>/dev/null || true' EXIT

# Ends with its code, if it has ended.
look() {
  kill -0 $server 2>/dev/null && return
  local code=0
  wait $server || code=$?
  exit $code
}

put() {
  local body="{\"key\": \"YQ==\", \"value\": \"YQ==\"}" answer
  exec {client}<>"/dev/tcp/127.0.0.1/$port" 2>/dev/null || return 1
  printf 'POST /v3/kv/put HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s' \
    ${#body} "$body" >&"$client" || return 1
  IFS= read -r -t 5 answer <&"$client" || return 1
  exec {client}>&-
  [[ $answer == *" 200 "* ]]
}

for _ in {1..10}; do
  until put; do
    look
    sleep 0.05
  done
done
look
kill $server
wait $server || true
