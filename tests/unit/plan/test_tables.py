from dataclasses import replace

import numpy as np
import pytest

from corridor_sim.plan.tables import BorderPostTable, FormationTable, Ragged, Table


def formations(**columns):
    base = {"id": ("a", "b"), "node": ("N", "M"), "size": np.array([2, 3]), "max_wait_h": np.array([1.5, 1 / 3])}
    return FormationTable(**{**base, **columns})


class TestRagged:
    def test_rows_come_back(self):
        r = Ragged.of([[1.0, 2.0], [], [3.0]])
        assert len(r) == 3
        assert [row.tolist() for row in r] == [[1, 2], [], [3]]
        assert r[0].tolist() == [1, 2]

    def test_no_rows(self):
        assert len(Ragged.of([])) == 0
        assert list(Ragged.of([])) == []

    def test_integers_stay_integers(self):
        assert Ragged.of([[1], [2, 3]], dtype=np.int64)[1].dtype == np.int64

    def test_frozen(self):
        with pytest.raises(ValueError, match="read-only"):
            Ragged.of([[1.0]]).values[0] = 2.0


class TestTable:
    def test_length_is_that_of_its_columns(self):
        assert len(formations()) == 2

    def test_columns_of_different_length_are_refused(self):
        with pytest.raises(ValueError, match="columns of FormationTable differ in length"):
            formations(size=np.array([1]))

    def test_columns_are_frozen(self):
        with pytest.raises(ValueError, match="read-only"):
            formations().size[0] = 9

    def test_dump_has_a_header_and_a_line_per_row(self):
        assert list(formations().dump()) == [
            "[FormationTable] 2 rows: id | node | size | max_wait_h",
            "a | N | 2 | 1.5",
            "b | M | 3 | 0.333333333333",
        ]

    def test_dump_of_an_empty_table(self):
        assert list(BorderPostTable((), (), (), ()).dump()) == ["[BorderPostTable] 0 rows: id | name | mode | nodes"]

    def test_dump_writes_every_type(self):
        from dataclasses import dataclass

        @dataclass(frozen=True, eq=False)
        class All(Table):
            text: tuple[str, ...]
            number: np.ndarray
            yes: np.ndarray
            ragged: Ragged

        table = All(("x",), np.array([np.inf]), np.array([True]), Ragged.of([[1.0, 2.5]]))
        assert list(table.dump())[1] == "x | inf | yes | [1 2.5]"

    def test_a_digit_beyond_the_twelfth_changes_no_line(self):
        """The maths library of another machine may differ in the last bit."""
        a = list(formations(max_wait_h=np.array([0.1, 0.2])).dump())
        b = list(formations(max_wait_h=np.nextafter([0.1, 0.2], 1)).dump())
        assert a == b
        assert list(replace(formations(), max_wait_h=np.array([0.1 + 1e-9, 0.2])).dump()) != a
