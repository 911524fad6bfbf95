import nox

PYTHONS: list[str] = [
    "3.11",
    "3.13",
]


@nox.session(python="3.9")
def oldest(session):
    session.run("python", "-c", "import kelp")


@nox.session(python=PYTHONS)
def tests(session):
    session.install(".", "pytest")
    session.run("pytest")


@nox.session(python=False)
def lint(session):
    session.run("python", "-m", "compileall", "-q", "kelp.py")


@nox.session
def release(session):
    session.run("twine", "upload", "dist/*")
