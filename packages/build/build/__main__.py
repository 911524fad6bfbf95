"""`python -m build`: packs the modules and packages that pyproject.toml names. Installs nothing and asks no build system."""

import argparse
import io
import os
import re
import sys
import tarfile
import zipfile
from importlib import metadata


def main():
    parser = argparse.ArgumentParser(prog="python -m build", description=__doc__)
    parser.add_argument("folder", nargs="?", default=".")
    parser.add_argument("-w", "--wheel", action="store_true")
    parser.add_argument("-s", "--sdist", action="store_true")
    parser.add_argument("-o", "--outdir")
    parser.add_argument("-n", "--no-isolation", action="store_true")
    parser.add_argument("-V", "--version", action="version", version=f"build {metadata.version('build')} (stand-in)")
    options = parser.parse_args()
    print(f"This is the workshop's small stand-in for build {metadata.version('build')}.")
    try:
        made = build(options.folder, options.outdir or os.path.join(options.folder, "dist"), options)
    except (OSError, LookupError) as error:
        sys.exit(f"ERROR {error}")
    print(f"Successfully built {' and '.join(made)}")


def build(folder, target, options):
    """Makes what was asked for, both when nothing was; gives the names."""
    with open(os.path.join(folder, "pyproject.toml"), encoding="utf-8") as file:
        settings = file.read()
    name, version = setting(settings, "name"), version_of(folder, settings)
    name = re.sub(r"[-_.]+", "_", name).lower()
    sources = {it: read(folder, it) for it in files_of(folder, settings)}
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    both = not options.sdist and not options.wheel
    os.makedirs(target, exist_ok=True)
    made = []
    if options.sdist or both:
        made.append(f"{name}-{version}.tar.gz")
        files = {**sources, "pyproject.toml": settings.encode(), "PKG-INFO": about}
        write_sdist(os.path.join(target, made[-1]), f"{name}-{version}", files)
    if options.wheel or both:
        made.append(f"{name}-{version}-py3-none-any.whl")
        write_wheel(os.path.join(target, made[-1]), f"{name}-{version}.dist-info", sources, about)
    return made


def version_of(folder, settings):
    """The version, or that of the module that `version = { attr = "module.__version__" }` names."""
    attribute = re.search(r'(?m)^version\s*=\s*\{\s*attr\s*=\s*"([\w.]+)\.(\w+)"', settings)
    if not attribute:
        return setting(settings, "version")
    text = read(folder, attribute[1].replace(".", "/") + "/__init__.py").decode()
    return re.search(rf'(?m)^{attribute[2]}\s*=\s*"(.*?)"', text)[1]


def files_of(folder, settings):
    packages = re.search(r"(?ms)^packages\s*=\s*(\[.*?\])", settings)
    if not packages:
        return [f"{it}.py" for it in re.findall(r'"(.*?)"', setting(settings, "py-modules", r"(\[.*?\])"))]
    folders = [it.replace(".", "/") for it in re.findall(r'"(.*?)"', packages[1])]
    return [f"{it}/{name}" for it in folders for name in sorted(os.listdir(os.path.join(folder, it))) if name.endswith(".py")]


def setting(settings, key, value=r'"(.*?)"'):
    found = re.search(rf"(?ms)^{key}\s*=\s*{value}", settings)
    if not found:
        raise LookupError(f"pyproject.toml has no {key}, and the stand-in needs it")
    return found[1]


def read(folder, path):
    with open(os.path.join(folder, path), "rb") as file:
        return file.read()


def write_sdist(path, top, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"{top}/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


def write_wheel(path, info, files, about):
    wheel = b"Wheel-Version: 1.0\nGenerator: workshop\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {**files, f"{info}/METADATA": about, f"{info}/WHEEL": wheel}
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(name, content)


if __name__ == "__main__":
    main()
