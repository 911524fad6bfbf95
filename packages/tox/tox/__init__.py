"""The workshop's small stand-in for tox: `tox` and `tox run`, with `-e`, on the tox.ini of the folder.

It knows `envlist`, `deps`, `commands`, `skip_install` and `skip_missing_interpreters`, a factor of a version such as `py313`,
and `{posargs}`. All environments use the Python that it runs on; one of another version is skipped or an error, as with tox.
"""

import argparse
import configparser
import os
import re
import shlex
import subprocess
import sys
from importlib import metadata

HERE = f"py{sys.version_info[0]}{sys.version_info[1]}"


def main():
    parser = argparse.ArgumentParser(prog="tox", description=__doc__.splitlines()[0])
    parser.add_argument("command", nargs="?", default="run", choices=["run", "r"])
    parser.add_argument("-e", dest="names", help="only these, with commas between them")
    parser.add_argument("--version", action="version", version=f"{metadata.version('tox')} (stand-in)")
    arguments, rest = sys.argv[1:], []
    if "--" in arguments:
        arguments, rest = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    options = parser.parse_args(arguments)
    print(f"This is the workshop's small stand-in for tox {metadata.version('tox')}.")
    settings = configparser.ConfigParser(interpolation=None)
    if not settings.read("tox.ini", encoding="utf-8"):
        sys.exit("ERROR: there is no tox.ini")
    names = words(options.names or settings.get("tox", "envlist", fallback="") or settings.get("tox", "env_list", fallback=""))
    skips = settings.get("tox", "skip_missing_interpreters", fallback="false").lower() == "true"
    results = {name: run(name, settings, rest, skips and not options.names) for name in names}
    for name, result in results.items():
        print(f"  {name}: {result}")
    sys.exit(0 if set(results.values()) <= {"OK", "SKIP"} and "OK" in results.values() else 1)


def words(text):
    return [it for it in re.split(r"[\s,]+", text) if it]


def run(name, settings, rest, skips):
    """Makes the environment of that name, and runs its commands."""
    version = re.match(r"py\d+$", name)
    if version and name != HERE:
        print(f"{name}: this is {HERE}")
        return "SKIP" if skips else "FAIL"
    section = f"testenv:{name}" if settings.has_section(f"testenv:{name}") else "testenv"
    folder = os.path.abspath(os.path.join(".tox", name))
    packages = os.path.join(folder, "packages")
    environment = {
        **os.environ,
        "PATH": os.path.join(packages, "bin") + os.pathsep + os.environ.get("PATH", ""),
        "PYTHONPATH": packages,
        "TOX_ENV_NAME": name,
    }
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", packages]
    needs = [word for line in setting(settings, section, "deps").splitlines() for word in shlex.split(line.replace("-r", "-r ", 1))]
    calls = [[*install, *needs]] if needs else []
    if setting(settings, section, "skip_install").lower() != "true":
        calls.append([*install, "."])
    for line in setting(settings, section, "commands").splitlines():
        if line.strip():
            given = re.sub(r"\{posargs(?::(.*?))?\}", lambda it: shlex.join(rest) if rest else it[1] or "", line)
            calls.append(shlex.split(given))
    for call in calls:
        print(f"{name}: {shlex.join(call[-3:] if call[:3] == install[:3] else call)}", flush=True)
        ignored, call = (True, call[1:]) if call[0] == "-" else (False, call)
        if subprocess.run(call, env=environment).returncode != 0 and not ignored:
            return "FAIL"
    return "OK"


def setting(settings, section, key):
    return settings.get(section, key, fallback=settings.get("testenv", key, fallback="")).strip()
