"""Pictures of a folder go into the page, known ones first, small and unspoilt."""

import base64
import io

import numpy as np
from PIL import Image

from corridor_sim.report.figures import pictures_in


def test_pictures_are_packed_in_the_order_of_a_planner(tmp_path):
    pixels = np.full((40, 60, 3), 255, dtype=np.uint8)
    pixels[10:20, 10:50] = (0, 99, 166)
    for name in ("zebra-crossing", "queues", "map"):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    (tmp_path / "map.svg").write_text("<svg/>")
    found = pictures_in(tmp_path)
    assert [p.name for p in found] == ["map", "queues", "zebra-crossing"]
    assert [p.has_svg for p in found] == [True, False, False]
    assert found[2].title == "Zebra crossing"
    assert (found[0].width, found[0].height) == (60, 40)
    head, _, text = found[0].data_uri.partition(",")
    assert head == "data:image/webp;base64"
    with Image.open(io.BytesIO(base64.b64decode(text))) as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), pixels)


def test_a_folder_without_pictures(tmp_path):
    assert pictures_in(tmp_path) == []
