# nats-server, to which twenty clients come, one after the other: each has to be
# greeted. $1: the unpacked package.
set -euo pipefail
tmp=${TMPDIR:-/tmp}
"$1/usr/sbin/nats-server" -a 127.0.0.1 -p -1 --ports_file_dir "$tmp" &
server=$!
trap 'kill -9 $server 2>/dev/null || true' EXIT
until file=$(compgen -G "$tmp/nats-server_*.ports") && [[ -s $file ]]; do
  kill -0 $server || exit 1
  sleep 0.02
done
port=$(sed -n 's/.*:\([0-9]*\)".*/\1/p' "$file" | head -1)
for _ in {1..20}; do
  exec {client}<>"/dev/tcp/127.0.0.1/$port"
  IFS= read -r -t 20 greeting <&"$client"
  [[ $greeting == INFO* ]]
done
kill $server
wait $server || true
