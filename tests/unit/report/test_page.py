"""The page is one file that asks for nothing, holds every part, and writes what users write as text."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from corridor_sim.cli.app import run_command
from corridor_sim.foundation.errors import ResultError
from corridor_sim.report.page import write_report


@pytest.fixture(scope="module")
def page(result, tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("page")
    path = write_report(result, folder)
    assert [p.name for p in folder.iterdir()] == ["report.html"]
    return path.read_text(encoding="utf-8")


def test_it_asks_for_nothing(page):
    assert "default-src 'none'" in page
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"""(?:src|href)=["'](?!data:|#)""", markup)
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL))
    assert not re.search(r"url\((?!data:|#)", styles)
    assert "@import" not in styles
    assert "sourceMappingURL" not in page


@pytest.mark.parametrize(
    "part", ["answers", "map", "routes", "posts", "places", "flows", "figures", "method", "inputs", "meanings", "run"]
)
def test_it_has_every_part(page, part):
    assert page.count(f'<section id="{part}"') == 1
    assert f'href="#{part}"' in page


def test_the_data_of_the_map_is_json(page):
    (text,) = re.findall(r'<script type="application/json" id="map-data">(.*?)</script>', page, flags=re.DOTALL)
    assert json.loads(text)["sections"]


def test_what_users_write_is_text(result, tmp_path):
    wicked = "</script><script>alert(1)</script>"
    text = result.scenario_yaml.replace("title: Five stations, one border, one month", f"title: '{wicked}'")
    assert wicked in text
    page = write_report(replace(result, scenario_yaml=text), tmp_path).read_text(encoding="utf-8")
    assert wicked not in page
    assert "&lt;/script&gt;" in page


def test_a_folder_that_is_not_there(result, tmp_path):
    with pytest.raises(ResultError, match="cannot be written"):
        write_report(result, tmp_path / "gone")


def test_the_command_writes_figures_and_page(result, tmp_path, capsys):
    folder = result.save(tmp_path / "tiny")
    assert run_command(["report", str(folder)]) == 0
    assert "report.html written" in capsys.readouterr().out
    assert (folder / "map.png").exists()
    assert "data:image/webp" in (folder / "report.html").read_text(encoding="utf-8")
    assert run_command(["report", str(tmp_path)]) == 2
    assert "no result folder" in capsys.readouterr().err


def test_a_run_writes_the_report_unless_told_not_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_command(["run", "tiny", "-q", "--replications", "2", "--workers", "1", "--out", "with"]) == 0
    assert (Path("with") / "report.html").stat().st_size < 5e6
    assert (
        run_command(["run", "tiny", "-q", "--replications", "2", "--workers", "1", "--no-figures", "--out", "without"])
        == 0
    )
    assert not (Path("without") / "report.html").exists()
