"""At which frames lamps need keys."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from cardstunt.blender_addon.light_shows.lamps import lit_frames

pytestmark = pytest.mark.blender


def test_lamps_have_keys_where_they_are_lit_and_beside() -> None:
    samples = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    frames = [SimpleNamespace(index=index, sample=sample) for index, sample in enumerate(samples, 1)]
    timeline = SimpleNamespace(frames=frames)
    keyed, shown = lit_frames(np.array([0, 0, 1, 0, 0]), timeline)
    assert keyed == [4, 5, 6, 7]
    assert shown.tolist() == [1, 2, 2, 3]
    assert lit_frames(np.zeros(5, np.int64), timeline)[0] == []
