"""The workshop's small stand-in for pytest: finds plain tests, runs them, and ends as pytest ends.

It knows functions `test_*`, classes `Test*` and plain `assert`. It knows no fixtures, no plugins and no marks.
Exit codes: 0 all passed, 1 some failed, 2 a file could not be imported, 4 wrong usage, 5 there was no test.
"""

import argparse
import ast
import importlib.util
import inspect
import linecache
import os
import re
import sys
import time
import traceback
import unittest
from importlib import metadata
from xml.sax.saxutils import quoteattr

WIDTH = 80
SKIPPED_FOLDERS = {"build", "dist", "node_modules", "venv", "__pycache__"}


def console_main():
    """The command `pytest`."""
    code = main()
    sys.stdout.flush()
    sys.exit(code)


def main(arguments=None):
    """Runs the tests that the arguments name; gives the exit code."""
    options = read_arguments(arguments)
    version = metadata.version("pytest")
    print(f"This is the workshop's small stand-in for pytest {version}.")
    if options.version:
        return 0
    root, settings = find_settings()
    for folder in listed(settings, "pythonpath"):
        sys.path.insert(0, os.path.join(root, folder))
    began = time.monotonic()
    wanted = options.paths or listed(settings, "testpaths") or ["."]
    missing = [it for it in wanted if not os.path.exists(it.split("::")[0])]
    if missing:
        print(f"ERROR: file or directory not found: {missing[0]}")
        return 4
    if options.quiet == 0:
        print(" test session starts ".center(WIDTH, "="))
        print(f"Python {sys.version.split()[0]}, in {root}")
    run = Run(options)
    run.collect(wanted)
    if options.quiet == 0:
        print(f"collected {len(run.tests)} items\n")
    if not run.broken and not options.collect_only:
        run.run()
    if options.junitxml:
        run.write_report(options.junitxml)
    return run.tell(time.monotonic() - began)


class Usage(argparse.ArgumentParser):
    """Wrong arguments end with 4, as pytest's do."""

    def error(self, message):
        print(f"ERROR: {message}", file=sys.stderr)
        sys.exit(4)


def read_arguments(arguments):
    """Those of pytest's options that people type most."""
    parser = Usage(prog="pytest", description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("-q", "--quiet", action="count", default=0)
    parser.add_argument("-v", "--verbose", action="count", default=0)
    parser.add_argument("-x", "--exitfirst", action="store_const", const=1, dest="maxfail")
    parser.add_argument("--maxfail", type=int)
    parser.add_argument("-k", default="", help="only tests with this word in their name")
    parser.add_argument("--junitxml", "--junit-xml", help="write a report for programs")
    parser.add_argument("--collect-only", "--co", action="store_true")
    parser.add_argument("--version", "-V", action="store_true")
    for name in ["-s", "--no-header", "--no-summary", "--strict-markers"]:
        parser.add_argument(name, action="store_true", help=argparse.SUPPRESS)
    for name in ["-p", "-r", "-W", "--tb", "--color", "--durations"]:
        parser.add_argument(name, help=argparse.SUPPRESS)
    return parser.parse_intermixed_args(arguments)


def find_settings():
    """The folder whose pyproject.toml has settings for pytest, from here upwards, and those settings."""
    folder = here = os.getcwd()
    while True:
        path = os.path.join(folder, "pyproject.toml")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                found = re.search(r"(?ms)^\[tool\.pytest\.ini_options\]$(.*?)(?=^\[|\Z)", file.read())
            if found:
                return folder, found[1]
        if folder == os.path.dirname(folder):
            return here, ""
        folder = os.path.dirname(folder)


def listed(settings, key):
    """The words of a setting: `key = ["a", "b"]`, or `key = "a b"`."""
    line = re.search(rf"(?ms)^{key}\s*=\s*(\[.*?\]|[^\n]*)", settings)
    return [word for text in re.findall(r"[\"'](.*?)[\"']", line[1]) for word in text.split()] if line else []


class Run:
    """The tests of one call, and how they ended."""

    def __init__(self, options):
        self.options = options
        self.tests = []  # (file, name, function)
        self.broken = []  # (file, exception)
        self.passed = []  # (file, name)
        self.failed = []  # (file, name, exception)

    def collect(self, wanted):
        for one in wanted:
            path, *names = one.split("::")
            for file in [path] if os.path.isfile(path) else test_files(path):
                try:
                    found = list(tests_of(load(file)))
                except Exception as error:
                    self.broken.append((file, error))
                    continue
                inside = "::".join(names)
                self.tests += [(file, name, test) for name, test in found
                               if (name + "::").startswith(inside + "::" if inside else "") and self.chosen(file, name)]

    def chosen(self, file, name):
        """`-k`: words with `and`, `or`, `not` and brackets."""
        words = f"{file}::{name}".lower()
        rule = re.sub(r"[\w.\-]+", lambda it: it[0] if it[0] in ("and", "or", "not") else str(it[0].lower() in words),
                      self.options.k)
        return eval(rule) if rule.strip() else True  # only True, False, and, or, not and brackets are left

    def run(self):
        last = None
        for file, name, test in self.tests:
            if file != last and not self.options.verbose:
                print(("" if last is None else "\n") + (f"{file} " if not self.options.quiet else ""), end="")
            last = file
            error = self.run_one(test)
            self.failed.append((file, name, error)) if error else self.passed.append((file, name))
            word = "FAILED" if error else "PASSED"
            print(f"{file}::{name} {word}\n" if self.options.verbose else "F" if error else ".", end="", flush=True)
            if self.options.maxfail and len(self.failed) >= self.options.maxfail:
                break
        print()

    def run_one(self, test):
        unknown = [it for it in inspect.signature(test).parameters]
        if unknown:
            return LookupError(f"fixture '{unknown[0]}' not found: the stand-in knows no fixtures")
        try:
            test()
        except KeyboardInterrupt:
            raise
        except unittest.SkipTest:
            return None
        except BaseException as error:  # `sys.exit()` in a test fails the test
            return error
        return None

    def tell(self, seconds):
        """What went wrong, and the sum; gives the exit code."""
        for title, entries in [("ERRORS", [(file, "", error) for file, error in self.broken]), ("FAILURES", self.failed)]:
            if entries:
                print(f" {title} ".center(WIDTH, "="))
            for file, name, error in entries:
                print(f" {name or 'ERROR collecting ' + file} ".center(WIDTH, "_"))
                print(explained(error))
        for file, name, error in self.failed:
            print(f"FAILED {file}::{name} - {first_line(error)}")
        for file, error in self.broken:
            print(f"ERROR {file} - {first_line(error)}")
        counts = [(len(self.failed), "failed"), (len(self.passed), "passed"), (len(self.broken), "error")]
        told = ", ".join(f"{count} {word}" for count, word in counts if count) or "no tests ran"
        if self.options.collect_only and self.tests:
            told = "\n".join(f"{file}::{name}" for file, name, _ in self.tests) + f"\n{len(self.tests)} tests collected"
        line = f"{told} in {seconds:.2f}s"
        print(line if self.options.quiet else f" {line} ".center(WIDTH, "="))
        if self.broken:
            return 2
        return 1 if self.failed else 0 if self.tests else 5

    def write_report(self, path):
        cases = [f"<testcase classname={quoteattr(file)} name={quoteattr(name)}/>" for file, name in self.passed]
        for file, name, error in self.failed:
            failure = f"<failure message={quoteattr(first_line(error))}/>"
            cases.append(f"<testcase classname={quoteattr(file)} name={quoteattr(name)}>{failure}</testcase>")
        suite = f'<testsuite name="pytest" tests="{len(cases)}" failures="{len(self.failed)}" errors="{len(self.broken)}">'
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'<?xml version="1.0" encoding="utf-8"?>\n{suite}\n' + "\n".join(cases) + "\n</testsuite>\n")


def test_files(folder):
    """`test_*.py` and `*_test.py` below a folder."""
    for path, folders, files in os.walk(folder):
        plain = [it for it in folders if not it.startswith(".") and it not in SKIPPED_FOLDERS]
        folders[:] = sorted(it for it in plain if not os.path.exists(os.path.join(path, it, "pyvenv.cfg")))
        for file in sorted(files):
            if file.endswith(".py") and (file.startswith("test_") or file.endswith("_test.py")):
                yield os.path.normpath(os.path.join(path, file))


def load(path):
    """Imports a file of tests; the folder that it is in can be imported from, as with pytest."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tests_of(module):
    """Name and function of each test, in the order of the file."""
    for name, it in list(vars(module).items()):
        if inspect.isclass(it) and issubclass(it, unittest.TestCase):
            for method in unittest.defaultTestLoader.getTestCaseNames(it):
                # A suite of one: what is set up for the class is set up for it.
                yield f"{name}::{method}", unittest.TestSuite([it(method)]).debug
        elif inspect.isclass(it) and name.startswith("Test"):
            for method in [it for it in dir(it) if it.startswith("test")]:
                yield f"{name}::{method}", lambda it=it, method=method: getattr(it(), method)()
        elif inspect.isfunction(it) and name.startswith("test"):
            yield name, it


def explained(error):
    """The line where it happened; for a plain `assert a == b` also both values."""
    frames = [it for it in traceback.walk_tb(error.__traceback__) if it[0].f_code.co_filename != __file__]
    frames = [it for it in frames if "importlib" not in it[0].f_code.co_filename]
    told = []
    for frame, line in frames[-2:]:
        file = os.path.relpath(frame.f_code.co_filename)
        told += [f"{file}:{line}: in {frame.f_code.co_name}", f">   {linecache.getline(file, line).strip()}"]
    values = compared(*frames[-1]) if frames and isinstance(error, AssertionError) else None
    return "\n".join([*told, f"E   {values or first_line(error)}", ""])


def compared(frame, line):
    """`assert 3 == 4` for `assert len(rows) == total`, worked out once more."""
    try:
        statement = ast.parse(linecache.getline(frame.f_code.co_filename, line).strip()).body[0]
        test = statement.test
        sides = [ast.Expression(it) for it in (test.left, test.comparators[0])]
        left, right = (repr(eval(compile(it, "<assert>", "eval"), frame.f_globals, frame.f_locals)) for it in sides)
        sign = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in"}
        return f"assert {left} {sign[type(test.ops[0])]} {right}"
    except Exception:
        return None


def first_line(error):
    """`ValueError: no such day`"""
    return traceback.format_exception_only(type(error), error)[-1].strip().splitlines()[0]
