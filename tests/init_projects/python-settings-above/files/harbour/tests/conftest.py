import pytest

from app.berth import free


@pytest.fixture
def left():
    return free(5, 3)
