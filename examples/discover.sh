#!/bin/sh
# Settings of an address, as text for a person. Needs curl alone.
#   SCOUT_URL=http://127.0.0.1:8080 sh examples/discover.sh ann@gmail.com
# For a program, ask for JSON: leave the header out. The address in a URL may be kept by logs on the way; the other
# examples send it in the body.
set -eu
exec curl --silent --show-error --fail-with-body --get \
  --header 'accept: text/plain' \
  --data-urlencode "email=$1" \
  "${SCOUT_URL:-http://127.0.0.1:8080}/v1/discover"
