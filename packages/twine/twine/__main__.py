"""`twine upload dist/*` and `twine check dist/*`: looks whether the files are packages. Uploads nothing, anywhere."""

import argparse
import glob
import os
import sys
import tarfile
import zipfile
from importlib import metadata


def main():
    parser = argparse.ArgumentParser(prog="twine", description=__doc__)
    version = metadata.version("twine")
    parser.add_argument("--version", action="version", version=f"twine version {version} (stand-in)")
    commands = parser.add_subparsers(dest="command", required=True)
    upload = commands.add_parser("upload")
    check = commands.add_parser("check")
    for name in ["-r", "--repository", "--repository-url", "-u", "--username", "-p", "--password", "-c", "--comment"]:
        upload.add_argument(name)
    for name in ["--non-interactive", "--skip-existing", "--verbose", "--disable-progress-bar"]:
        upload.add_argument(name, action="store_true")
    check.add_argument("--strict", action="store_true")
    for command in (upload, check):
        command.add_argument("files", nargs="+")
    options = parser.parse_args()
    print(f"This is the workshop's small stand-in for twine {version}. Nothing leaves this computer.")
    for pattern in options.files:
        files = glob.glob(pattern)
        if not files:
            sys.exit(f"ERROR    InvalidDistribution: Cannot find file (or expand pattern): '{pattern}'")
        for file in files:
            if not zipfile.is_zipfile(file) and not (file.endswith(".tar.gz") and tarfile.is_tarfile(file)):
                sys.exit(f"ERROR    InvalidDistribution: {file} is no package")
            print(f"{'Uploading' if options.command == 'upload' else 'Checking'} {os.path.basename(file)}")


if __name__ == "__main__":
    main()
