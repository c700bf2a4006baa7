"""Timing, with a clock that is not the machine's."""

import pytest

from corridor_sim.bench.timing import growth_exponent, time_in_turn


class Clock:
    """Moves on by what the work says it takes."""

    def __init__(self) -> None:
        self.now, self.log = 0.0, []

    def work(self, name: str, *seconds: float):
        left = list(seconds)

        def run() -> None:
            self.log.append(name)
            self.now += left.pop(0)

        return run


def test_everything_is_run_in_turn_and_the_median_counts():
    clock = Clock()
    work = {"a": clock.work("a", 99, 1, 2, 30), "b": clock.work("b", 99, 2, 2, 60)}
    timed = time_in_turn(work, 3, clock=lambda: clock.now)
    assert clock.log == ["a", "b"] * 4
    assert timed.median_s("a") == 2
    assert timed.ratio("b", "a") == 2  # median of 2, 1, 2


def test_a_disturbance_that_hits_a_pair_leaves_the_ratio():
    clock = Clock()
    work = {"a": clock.work("a", 1, 100, 1), "b": clock.work("b", 3, 300, 3)}
    assert time_in_turn(work, 3, warm_up=False, clock=lambda: clock.now).ratio("b", "a") == 3


def test_no_repeat_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        time_in_turn({}, 0)


@pytest.mark.parametrize("p", [0.5, 1.0, 1.7])
def test_growth(p):
    assert growth_exponent([1, 2, 4, 8], [3 * n**p for n in (1, 2, 4, 8)]) == pytest.approx(p)


def test_growth_needs_two_sizes():
    with pytest.raises(ValueError, match="two sizes"):
        growth_exponent([4, 4], [1, 2])
