"""`coverage run`, `coverage report`, `coverage xml`: counts lines, in this process only, and no branches."""

import argparse
import dis
import json
import os
import runpy
import sys
from importlib import metadata

DATA = ".coverage"


def main():
    parser = argparse.ArgumentParser(prog="coverage", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run")
    run.add_argument("--source", default=".")
    run.add_argument("-m", dest="module", action="store_true")
    run.add_argument("program")
    run.add_argument("arguments", nargs=argparse.REMAINDER)
    report = commands.add_parser("report")
    report.add_argument("--fail-under", type=float, default=0)
    xml = commands.add_parser("xml")
    xml.add_argument("-o", default="coverage.xml")
    options = parser.parse_args()
    print(f"This is the workshop's small stand-in for coverage {metadata.version('coverage')}.")
    sys.exit({"run": measure, "report": tell, "xml": write}[options.command](options))


def measure(options):
    """Runs a program or module, and keeps which lines of the source were run."""
    roots = [os.path.abspath(it.replace(".", os.sep) if it != "." else it) for it in options.source.split(",")]
    seen = {}

    def trace(frame, event, _):
        path = os.path.abspath(frame.f_code.co_filename)
        if not any(path.startswith(root + os.sep) for root in roots):
            return None
        seen.setdefault(path, set()).add(frame.f_lineno)
        return trace

    sys.argv = [options.program, *options.arguments]
    sys.path.insert(0, os.getcwd())
    code = 0
    sys.settrace(trace)
    try:
        (runpy.run_module if options.module else runpy.run_path)(options.program, run_name="__main__")
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.settrace(None)
    with open(DATA, "w", encoding="utf-8") as file:
        json.dump({os.path.relpath(path): sorted(lines) for path, lines in seen.items()}, file)
    return code


def rows():
    """Each file with its lines: those with code, and those of them that were run."""
    if not os.path.exists(DATA):
        sys.exit("No data to report.")
    with open(DATA, encoding="utf-8") as file:
        seen = json.load(file)
    for path in sorted(seen):
        lines = with_code(path)
        yield path, lines, lines & set(seen[path])


def with_code(path):
    with open(path, encoding="utf-8") as file:
        codes = [compile(file.read(), path, "exec")]
    lines = set()
    while codes:
        code = codes.pop()
        lines |= {line for _, line in dis.findlinestarts(code) if line}
        codes += [it for it in code.co_consts if hasattr(it, "co_code")]
    return lines


def share(part, whole):
    return 100 * part / whole if whole else 100


def tell(options):
    total = run = 0
    for path, lines, seen in rows():
        print(f"{path:40} {len(lines):5} {share(len(seen), len(lines)):4.0f}%")
        total, run = total + len(lines), run + len(seen)
    print(f"{'TOTAL':40} {total:5} {share(run, total):4.0f}%")
    return 2 if share(run, total) < options.fail_under else 0


def write(options):
    total = run = 0
    classes = ""
    for path, lines, seen in rows():
        marks = "".join(f'<line number="{it}" hits="{int(it in seen)}"/>' for it in sorted(lines))
        classes += f'<class filename="{path}"><lines>{marks}</lines></class>\n'
        total, run = total + len(lines), run + len(seen)
    head = f'<coverage line-rate="{share(run, total) / 100:.4f}" lines-valid="{total}" lines-covered="{run}">'
    with open(options.o, "w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" ?>\n{head}<packages><package name="."><classes>\n{classes}</classes></package></packages></coverage>\n')
    print(f"Wrote XML report to {options.o}")
    return 0


if __name__ == "__main__":
    main()
