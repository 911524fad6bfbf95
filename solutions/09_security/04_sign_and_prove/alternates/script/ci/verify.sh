set -e
ls mirror
python3 verify.py mirror/
