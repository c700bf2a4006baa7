"""Reading stores, also those of sweeps that were cut off."""

import json

import pytest

from corridor_sim.foundation.errors import ResultError
from corridor_sim.results.sweep_folder import (
    finished_replications,
    read_cases,
    read_failures,
    read_manifest,
    read_parts,
)


def test_a_failure_that_was_cut_off_is_left_out(tmp_path):
    (tmp_path / "failures.jsonl").write_text('{"case": 1, "case_id": "a"}\n{"case": 2, "ca', encoding="utf-8")
    assert read_failures(tmp_path) == [{"case": 1, "case_id": "a"}]
    assert read_failures(tmp_path / "nowhere") == []


def test_an_empty_store(tmp_path):
    assert finished_replications(tmp_path) == {}
    assert list(read_parts(tmp_path, ["case_id", "value"]).columns) == ["case_id", "value"]


@pytest.mark.parametrize("text", ["", "[]", json.dumps({"kind": "run"})])
def test_a_folder_that_is_no_store(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ResultError, match="holds no sweep"):
        read_manifest(tmp_path)
    with pytest.raises(ResultError, match="table of cases"):
        read_cases(tmp_path)


def test_a_part_that_is_broken_is_named(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "x-0.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(ResultError, match="a part cannot be read"):
        read_parts(tmp_path, ["case_id"])
