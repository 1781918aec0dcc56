from __future__ import annotations

import numpy as np
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.feasibility.called import called_times
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ORDERS = ("sweep", "ripple", "iris", "spiral", "diagonal", "rows", "columns", "dissolve")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.sampled_from(ORDERS), over=st.integers(0, 30), reverse=st.booleans(), part=st.booleans())
def test_people_who_are_free_are_due_when_they_are_called(compiled, order, over, reverse, part):
    where = ", where: { columns: 11-40 }" if part else ""
    flip = f"flip: {{ order: {order}, over: {over / 10} s, reverse: {str(reverse).lower()} }}"
    loaded, plan = compiled(
        cues=f"- {{ at: 0 s, page: red }}\n- {{ at: 2 s, page: blue, {flip}{where} }}\n"
        f"- {{ at: 9 s, page: white, {flip}, repeat: {{ times: 2, every: 8 s, back_and_forth: true }}, "
        "hold: 4 s }",
        columns=50,
        rows=12,
    )
    called = list(called_times(loaded, plan))
    assert len(called) == len(plan.turns)
    for number, times in enumerate(called[1:], 1):
        turning = plan.page[number] != plan.page[number - 1]
        np.testing.assert_array_equal(times[turning], plan.due[number][turning])


def test_people_who_still_turn_are_called_all_the_same(compiled):
    loaded, plan = compiled(
        cues="- { at: 0 s, page: red }\n- { at: 2 s, page: blue }\n- { at: 2.1 s, page: white }"
    )
    *_, last = called_times(loaded, plan)
    assert (last == ticks(plan.turns[2].at)).all()
    assert (plan.due[2] > last).all()
