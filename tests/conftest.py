from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def store_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is worked out away from the user's own store, also in processes that tests start."""
    before = os.environ.get("CARDSTUNT_STORE")
    os.environ["CARDSTUNT_STORE"] = str(tmp_path_factory.mktemp("store"))
    yield
    if before is None:
        del os.environ["CARDSTUNT_STORE"]
    else:
        os.environ["CARDSTUNT_STORE"] = before
