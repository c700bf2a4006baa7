import os

import pytest

from corridor_sim.foundation.errors import ResultError
from corridor_sim.results.folder import check_writable, is_result_folder, write_folder


def result(folder, text="{}"):
    (folder / "manifest.json").write_text(text)


def test_a_folder_appears_whole(tmp_path):
    target = tmp_path / "deep" / "down" / "out"
    assert write_folder(target, result) == target
    assert is_result_folder(target)
    assert [p.name for p in target.parent.iterdir()] == ["out"]


def test_a_result_is_replaced(tmp_path):
    target = tmp_path / "out"
    write_folder(target, lambda draft: (result(draft, "old"), (draft / "old.png").write_text("x")))
    (target / "notes.txt").write_text("mine")
    write_folder(target, lambda draft: result(draft, "new"))
    assert (target / "manifest.json").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    # what runs write goes with the old result, what the user put there stays
    assert sorted(p.name for p in target.iterdir()) == ["manifest.json", "notes.txt"]


@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyboardInterrupt()])
def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path, error):
    target = tmp_path / "out"
    write_folder(target, lambda draft: result(draft, "old"))

    def fail(draft):
        result(draft, "half")
        raise error

    with pytest.raises(type(error)):
        write_folder(target, fail)
    assert (target / "manifest.json").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_is_a_result_error(tmp_path):
    def fail(draft):
        raise OSError(28, "No space left on device")

    with pytest.raises(ResultError, match="cannot be written: No space left on device"):
        write_folder(tmp_path / "out", fail)
    assert list(tmp_path.iterdir()) == []


def test_something_else_in_the_way_is_left_alone(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("x")
    (tmp_path / "file").write_text("x")
    for name in ("photos", "file"):
        with pytest.raises(ResultError, match=r"is in the way and is no result folder; choose another one with --out"):
            write_folder(tmp_path / name, result)
    assert (tmp_path / "photos" / "cat.jpg").exists()


def test_an_empty_folder_is_not_in_the_way(tmp_path):
    (tmp_path / "out").mkdir()
    assert is_result_folder(write_folder(tmp_path / "out", result))


def test_below_a_file_there_is_no_room(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ResultError, match="cannot be written"):
        check_writable(tmp_path / "file" / "out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ResultError, match="is not a folder one may write to"):
        check_writable(tmp_path / "out")


def test_checking_writes_nothing(tmp_path):
    assert check_writable(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert list(tmp_path.iterdir()) == []
