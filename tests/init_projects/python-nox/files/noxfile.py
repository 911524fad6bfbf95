import nox

PYTHONS = ["3.11", "3.13"]


@nox.session(python=PYTHONS)
def tests(session):
    session.install(".", "pytest")
    session.run("pytest")


@nox.session
def release(session):
    session.run("twine", "upload", "dist/*")
