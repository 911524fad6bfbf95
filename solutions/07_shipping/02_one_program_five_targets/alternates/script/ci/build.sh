#!/bin/sh
# No dollar is doubled here: Drone reads .drone.yml, and not this file.
set -eu
export CGO_ENABLED=0

for os in linux darwin; do
  for arch in amd64 arm64; do
    GOOS=$os GOARCH=$arch python3 go.py build -o "dist/tally_${os}_${arch}"
  done
done
GOOS=windows GOARCH=amd64 python3 go.py build -o dist/tally_windows_amd64.exe

cd dist
sha256sum tally_linux_amd64 tally_linux_arm64 tally_darwin_* tally_windows_amd64.exe | tee SHA256SUMS
cd ..
python3 verify.py dist
