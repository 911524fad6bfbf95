"""What pip asks for a wheel: reads pyproject.toml, setup.cfg and setup.py, and packs the modules. Compiles nothing."""

import configparser
import os
import re
import runpy
import sys
import zipfile

import setuptools


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    project = read_project()
    folder = f"{project['file']}.dist-info"
    os.makedirs(os.path.join(metadata_directory, folder), exist_ok=True)
    for path, content in about(project).items():
        with open(os.path.join(metadata_directory, path), "wb") as file:
            file.write(content)
    return folder


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    project = read_project()
    files = {**sources(project), **about(project)}
    record = f"{project['file']}.dist-info/RECORD"
    files[record] = "".join(f"{it},,\n" for it in [*files, record]).encode()
    name = f"{project['file']}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return name


class _Legacy:
    """For projects that have no pyproject.toml."""

    get_requires_for_build_wheel = staticmethod(get_requires_for_build_wheel)
    prepare_metadata_for_build_wheel = staticmethod(prepare_metadata_for_build_wheel)
    build_wheel = staticmethod(build_wheel)


__legacy__ = _Legacy()


def read_project():
    """Everything that the three files say, under the names of pyproject.toml."""
    project = {**from_setup_py(), **from_setup_cfg(), **from_pyproject()}
    for key in ("name", "version"):
        if key not in project:
            sys.exit(f"ERROR no file says the {key} of the package, in a way that the workshop's stand-in for setuptools reads")
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", project["name"]):
        sys.exit(f"ERROR {project['name']!r} cannot be the name of a package")
    project["file"] = f"{re.sub(r'[-_.]+', '_', project['name']).lower()}-{project['version']}"
    return project


def from_pyproject():
    if not os.path.exists("pyproject.toml"):
        return {}
    import tomllib  # since Python 3.11

    with open("pyproject.toml", "rb") as file:
        settings = tomllib.load(file)
    project = dict(settings.get("project", {}))
    version = settings.get("tool", {}).get("setuptools", {}).get("dynamic", {}).get("version", {})
    if "attr" in version:
        project["version"] = attribute(version["attr"])
    own = settings.get("tool", {}).get("setuptools", {})
    given = {"modules": own.get("py-modules"), "packages": own.get("packages")}
    return {**project, **{key: value for key, value in given.items() if isinstance(value, list)}}


def from_setup_cfg():
    parser = configparser.ConfigParser()
    parser.read("setup.cfg", encoding="utf-8")
    metadata = parser["metadata"] if parser.has_section("metadata") else {}
    options = parser["options"] if parser.has_section("options") else {}
    extras = parser["options.extras_require"] if parser.has_section("options.extras_require") else {}
    project = {key: metadata[key] for key in ("name", "version") if key in metadata}
    if project.get("version", "").startswith("attr:"):
        project["version"] = attribute(project["version"][5:].strip())
    if "install_requires" in options:
        project["dependencies"] = lines(options["install_requires"])
    if "py_modules" in options:
        project["modules"] = lines(options["py_modules"])
    return {**project, "optional-dependencies": {it: lines(extras[it]) for it in extras}} if extras else project


def lines(text):
    return [it.strip() for it in text.splitlines() if it.strip()]


def attribute(path):
    """`package.__version__`, without importing the package."""
    module, name = path.rsplit(".", 1)
    places = [os.path.join(root, *module.split(".")) + end for root in (".", "src") for end in ("/__init__.py", ".py")]
    for place in filter(os.path.exists, places):
        with open(place, encoding="utf-8") as file:
            found = re.search(rf"(?m)^{name}\s*=\s*[\"'](.*?)[\"']", file.read())
        if found:
            return found[1]
    sys.exit(f"ERROR no file says {path}")


def from_setup_py():
    if not os.path.exists("setup.py"):
        return {}
    sys.path.insert(0, os.getcwd())
    runpy.run_path("setup.py", run_name="__main__")
    given = setuptools.GIVEN
    project = {key: given[key] for key in ("name", "version") if key in given}
    if "install_requires" in given:
        project["dependencies"] = given["install_requires"]
    if "extras_require" in given:
        project["optional-dependencies"] = given["extras_require"]
    if "py_modules" in given:
        project["modules"] = given["py_modules"]
    if "packages" in given:
        project["packages"] = given["packages"]
    scripts = given.get("entry_points", {}).get("console_scripts", [])
    if scripts:
        project["scripts"] = dict(re.split(r"\s*=\s*", it) for it in scripts)
    return project


def sources(project):
    """What is installed: the packages that are named, or found; and single modules."""
    root = "src" if os.path.isdir("src") else "."
    packages = project.get("packages")
    if packages is None and "modules" not in project:
        packages = setuptools.find_packages(root)
    modules = project.get("modules") or []
    if not packages and not modules and "packages" not in project:
        modules = [it[:-3] for it in sorted(os.listdir(root)) if it.endswith(".py") and it not in ("setup.py", "conftest.py")]
        modules = [it for it in modules if not it.startswith("test_")]
    files = {f"{it}.py": os.path.join(root, f"{it}.py") for it in modules}
    for package in packages or []:
        folder = package.replace(".", "/")
        for name in sorted(os.listdir(os.path.join(root, folder))):
            if name.endswith(".py"):
                files[f"{folder}/{name}"] = os.path.join(root, folder, name)
    return {path: read(place) for path, place in files.items()}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def about(project):
    """The files of the folder `.dist-info`, without the last."""
    head = [("Metadata-Version", "2.1"), ("Name", project["name"]), ("Version", project["version"])]
    head += [("Requires-Dist", it) for it in project.get("dependencies", [])]
    for extra, needs in project.get("optional-dependencies", {}).items():
        head.append(("Provides-Extra", extra))
        head += [("Requires-Dist", f'{it} ; extra == "{extra}"') for it in needs]
    folder = f"{project['file']}.dist-info"
    files = {
        f"{folder}/METADATA": "".join(f"{key}: {value}\n" for key, value in head),
        f"{folder}/WHEEL": "Wheel-Version: 1.0\nGenerator: workshop\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    scripts = project.get("scripts", {})
    if scripts:
        calls = "".join(f"{name} = {target}\n" for name, target in scripts.items())
        files[f"{folder}/entry_points.txt"] = f"[console_scripts]\n{calls}"
    return {path: text.encode() for path, text in files.items()}
