set -eu
test -n "$SIGNING_KEY"
python3 sign.py dist/
