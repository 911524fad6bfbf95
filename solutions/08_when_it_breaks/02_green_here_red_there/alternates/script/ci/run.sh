set -eu
export TZ="IST-5:30"
python "$@"
