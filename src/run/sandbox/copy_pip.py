# A folder as argument -> pip in it, and setuptools and wheel where they can be had without a network.
# From what Python itself carries; where a distribution took that out, from what is installed.
import compileall
import glob
import importlib
import os
import shutil
import subprocess
import sys

target = sys.argv[1]


def from_python():
    work = os.path.join(target, "new")
    # Old Pythons stand in, too: no `capture_output` (3.7), no `dirs_exist_ok` (3.8).
    call = [sys.executable, "-I", "-m", "venv", "--symlinks", work]
    made = subprocess.run(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    found = glob.glob(os.path.join(work, "lib", "python*", "site-packages", "*"))
    found += glob.glob(os.path.join(work, "Lib", "site-packages", "*"))
    if made.returncode == 0:
        for path in found:
            shutil.move(path, target)
    shutil.rmtree(work, ignore_errors=True)
    return os.path.isdir(os.path.join(target, "pip"))


def from_installed(name):
    try:
        package = importlib.import_module(name)
    except ImportError:
        return
    folder = os.path.dirname(package.__file__)
    beside = glob.glob(os.path.join(os.path.dirname(folder), name + "-*.*-info"))
    for path in [folder] + beside:
        copy = os.path.join(target, os.path.basename(path))
        if os.path.isdir(path) and not os.path.exists(copy):
            shutil.copytree(path, copy)


if not from_python():
    for it in ["pip", "setuptools", "wheel"]:
        from_installed(it)
# A step sees the copy read-only: it must not have to compile it each time.
compileall.compile_dir(target, quiet=2)
sys.exit(0 if os.path.isdir(os.path.join(target, "pip")) else 1)
