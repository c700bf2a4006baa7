"""Put the table of a report into the README beside this file: ``python -m benchmarks.fill_table bench.json``."""

import sys
from pathlib import Path

from corridor_sim.bench.report import load_report, markdown

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"


def filled(text: str, table: str) -> str:
    """The text with what stands between the marks replaced."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    assert mark, f"{README.name} lacks its marks"
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8"), markdown(load_report(Path(sys.argv[1])))), "utf-8")
