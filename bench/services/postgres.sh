#!/bin/sh
# A PostgreSQL of Debian's package on 127.0.0.1:$1, with a new cluster in a folder
# of its own, as a user that is not root.
set -eu
for bin in /usr/lib/postgresql/*/bin; do :; done
folder=$(mktemp -d)
as=
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as='setpriv --reuid=postgres --regid=postgres --clear-groups'
fi
cd "$folder"
$as "$bin/initdb" --no-sync --auth=trust --username=postgres -D data >/dev/null
exec $as "$bin/postgres" -D data -F -k '' -h 127.0.0.1 -p "$1"
