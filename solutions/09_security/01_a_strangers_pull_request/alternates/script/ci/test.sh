set -eu
printf '%s\n' "$DRONE_COMMIT_MESSAGE"
python -m unittest
