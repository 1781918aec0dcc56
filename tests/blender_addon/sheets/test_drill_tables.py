"""The field's tables: every person at every set, to the millimetre; every set with its times."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from cardstunt.blender_addon.sheets import drill_tables
from cardstunt.blender_addon.sheets.drill_tables import write_coordinates, write_sets


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_coordinates_are_the_kernels_places(drill, tmp_path, understood, monkeypatch):
    monkeypatch.setattr(drill_tables, "_ROWS_AT_ONCE", 5)
    plan = drill((17, 4))
    for troupe in plan.troupes:
        write_coordinates(tmp_path / "places.csv", plan, troupe)
        rows = rows_of(tmp_path / "places.csv")
        assert [row["name"] for row in rows] == [f"{troupe.name} {number}" for number in troupe.numbers]
        for number in range(troupe.drill.sets):
            call = plan.call_of(troupe, number) + 1
            told = np.array([[float(row[f"set {call} {axis}"]) for axis in "xy"] for row in rows])
            places = troupe.drill.places[number]
            assert np.abs(told - places).max() <= 0.0005 + 1e-9
            for row, (x, y) in zip(rows, places.tolist(), strict=True):
                assert abs(understood(row[f"set {call} across"], 0.75) + y) <= 0.75 / 8 + 1e-9
                assert abs(understood(row[f"set {call} depth"], 0.75) - x) <= 0.75 / 8 + 1e-9
        assert "set 1 z" not in rows[0]


def test_heights_are_there_where_somebody_stands_on_others(drill, tmp_path):
    height = np.zeros((3, 12))
    height[2, 7] = 2.75
    plan = drill(height=height)
    write_coordinates(tmp_path / "places.csv", plan, plan.troupes[0])
    call = plan.call_of(plan.troupes[0], 2) + 1
    assert [float(row[f"set {call} z"]) for row in rows_of(tmp_path / "places.csv")] == height[2].tolist()


def test_sets_are_listed_in_the_order_of_their_calls(drill, tmp_path):
    plan = drill((12, 7), sets=3)
    write_sets(tmp_path / "sets.csv", plan)
    rows = rows_of(tmp_path / "sets.csv")
    assert [(row["set"], row["troupe"]) for row in rows] == [
        ("1", "ribbons"),
        ("1", "flags"),
        ("2", "ribbons"),
        ("3", "flags"),
        ("4", "ribbons"),
        ("5", "flags"),
    ]
    assert [row["at s"] for row in rows] == ["0.000", "0.000", "20.000", "23.000", "40.000", "43.000"]
    assert [row["walk s"] for row in rows[1:3]] == ["0.000", "10.000"]
    assert rows[3]["count"] == "12·3"
    assert rows[3]["people"] == "7"
    assert float(rows[2]["longest way m"]) == pytest.approx(
        float(plan.troupes[0].ways(1).length.max()), abs=0.006
    )
    assert (rows[3]["formation"], rows[3]["then"]) == ("flags in 1", "wave, 4 counts")
