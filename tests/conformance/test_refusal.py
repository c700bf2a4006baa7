"""What an engine lacks is refused before the run; a name that is no engine too."""

import pytest

from corridor_sim.engines.protocol import refuse_unsupported
from corridor_sim.engines.registry import DEFAULT_ENGINE, ENGINES, get_engine
from corridor_sim.foundation.errors import UnsupportedFeatureError
from corridor_sim.plan.kinds import StageKind
from tests.support.parts import (
    Base,
    Flow,
    Form,
    Formation,
    Gather,
    Give,
    Hold,
    Place,
    Pool,
    Queue,
    Run,
    Sail,
    Ship,
    Split,
    Take,
    Track,
    Travel,
)
from tests.support.plans import make_plan
from tests.support.running import run


def every_kind():
    wagons = Pool("w", (Base(1.0),))
    stages = [
        Hold(1.0),
        Take(wagons),
        Travel(1.0),
        Form(Formation("f", 1, 1.0)),
        Split(2),
        Queue(Place("p"), 1.0),
        Gather(),
        Run(Track("t"), 1.0),
        Give(wagons),
        Sail(Ship("s", (50.0,), 9.0)),
    ]
    return make_plan(flows=[Flow("A", at=[0], stages=stages)])


def test_the_suite_knows_every_kind_of_stage():
    assert every_kind().stage_kinds() == set(StageKind)


def test_an_engine_runs_what_it_says_it_supports(engine):
    plan = every_kind()
    missing = plan.stage_kinds() - engine.supported
    if missing:
        with pytest.raises(UnsupportedFeatureError):
            refuse_unsupported(engine, plan)
    else:
        assert run(engine, plan).summary.n_events == 12


def test_all_missing_kinds_are_named_in_one_error():
    class Poor:
        name = "poor"
        supported = frozenset({StageKind.HOLD, StageKind.TRAVEL, StageKind.QUEUE})

    with pytest.raises(UnsupportedFeatureError) as error:
        refuse_unsupported(Poor(), every_kind())  # type: ignore[arg-type]
    assert len(error.value.problems) == 7
    for kind in ("split", "gather", "form", "sail", "single_track", "take", "give"):
        assert f"no stage '{kind}'" in str(error.value)


def test_a_name_that_is_no_engine_is_refused_with_the_nearest():
    with pytest.raises(UnsupportedFeatureError, match=r"no engine 'dess', expected one of auto, .*did you mean 'des'"):
        get_engine("dess")


def test_auto_is_the_default_and_names_are_those_of_the_engines():
    assert get_engine("auto").name == DEFAULT_ENGINE
    assert all(get_engine(name).name == name for name in ENGINES)
