"""Own pictures: as they look, whatever the file keeps of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnnlab import data
from cnnlab.data.pictures import as_unit, on_paper

RAMP = np.linspace(0, 1, 64 * 48).reshape(48, 64)
WHITE = {"u1": 255, "u2": 65535, "i4": 65535, "f4": 1}


def saved(folder: Path, name: str, kind: str) -> Path:
    Image.fromarray((RAMP * WHITE[kind]).astype(kind)).save(folder / name)
    return folder / name


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "u1"), ("a.png", "u2"), ("a.tif", "u2"), ("a.tif", "f4")]
)
def test_a_ramp_of_any_depth_comes_back_as_a_ramp(tmp_path: Path, name: str, kind: str) -> None:
    image = data.read_image(saved(tmp_path, name, kind))
    assert (image.shape, image.dtype) == ((1, 48, 64), np.float32)
    np.testing.assert_allclose(image[0], RAMP, atol=1 / 250)


def test_a_file_that_does_not_say_what_is_white_is_refused_and_the_advice_works(
    tmp_path: Path,
) -> None:
    path = saved(tmp_path, "deep.tif", "i4")
    with pytest.raises(
        ValueError, match=r"deep\.tif must hold numbers from 0 to 1, not 0 to 65535"
    ):
        data.read_image(path)
    np.testing.assert_allclose(data.read_image(path, white=65535)[0], RAMP, atol=1e-4)
    Image.fromarray(np.float32(RAMP * 2 - 0.5)).save(tmp_path / "signed.tif")
    for white in (None, 1):
        with pytest.raises(ValueError, match=r"not -0\.5 to 1\.5"):
            data.read_image(tmp_path / "signed.tif", white=white)
    with pytest.raises(ValueError, match=r"from 0 to 4095, not 0 to 65535"):
        data.read_image(saved(tmp_path, "a.png", "u2"), white=4095)


@pytest.mark.parametrize("white", [0, -1, "255", True, np.nan, np.inf])
def test_what_cannot_mean_white_is_refused(tmp_path: Path, white: Any) -> None:
    with pytest.raises(ValueError, match=r"white must be a number above 0, not .*\. .*255"):
        data.read_image(saved(tmp_path, "a.png", "u1"), white=white)


def test_eight_bits_in_sixteen_are_no_black_sheet(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    Image.fromarray((RAMP * 255).astype(np.uint16)).save(path)
    with pytest.raises(ValueError, match=r"16 bits than 0 to 255.* read_image\(path, white=255\)"):
        data.read_image(path)
    np.testing.assert_allclose(data.read_image(path, white=255)[0], RAMP, atol=1 / 250)
    with pytest.raises(ValueError, match="Say which number is white: image / 255"):
        as_unit((RAMP * 255).astype(np.uint16))


def test_a_file_cut_off_is_refused_by_name(tmp_path: Path) -> None:
    path = saved(tmp_path, "half.png", "u1")
    path.write_bytes(path.read_bytes()[:150])
    with pytest.raises(OSError, match=r"half\.png must be a whole picture, but .*Copy"):
        data.read_image(path)


def test_twelve_bits_in_sixteen(tmp_path: Path) -> None:
    Image.fromarray((RAMP * 4095).astype(np.uint16)).save(tmp_path / "camera.png")
    image = data.read_image(tmp_path / "camera.png", white=4095)
    np.testing.assert_allclose(image[0], RAMP, atol=1e-3)


def test_the_deep_grey_of_an_older_pillow_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opener = saved(tmp_path, "a.png", "u2"), Image.open

    def as_integers(path: Path) -> Image.Image:
        opened = opener(path).convert("I")
        opened.format = "PNG"
        return opened

    monkeypatch.setattr(Image, "open", as_integers)
    np.testing.assert_allclose(data.read_image(path)[0], RAMP, atol=1e-4)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
def test_a_stroke_on_a_transparent_sheet_is_seen_on_white_paper(tmp_path: Path, mode: str) -> None:
    stroke = np.zeros((8, 8, 4), np.uint8)  # black, and nowhere opaque
    stroke[2:6, 2:6, 3] = 255
    drawn = Image.fromarray(stroke)
    if mode == "PA":  # until Pillow 12, convert made it opaque
        sheet = drawn.convert("P")
        sheet.putalpha(drawn.getchannel("A"))
    else:
        sheet = drawn.convert("RGBA" if mode == "P" else mode)
    assert sheet.mode == ("RGBA" if mode == "P" else mode)
    sheet.save(
        tmp_path / ("sheet.gif" if mode == "P" else "sheet.tif" if mode == "PA" else "sheet.png")
    )
    image = data.read_image(next(tmp_path.iterdir()))
    expected = np.ones((8, 8))
    expected[2:6, 2:6] = 0
    np.testing.assert_array_equal(image, np.broadcast_to(expected, image.shape))
    assert len(image) == (1 if mode == "LA" else 3)


def test_a_grey_png_with_a_transparent_shade_stays_grey(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 100, 200]], np.uint8)).save(tmp_path / "a.png", transparency=100)
    np.testing.assert_allclose(data.read_image(tmp_path / "a.png")[0, 0], [0, 1, 200 / 255])


@pytest.mark.parametrize(("mode", "channels"), [("1", 1), ("L", 1), ("RGB", 3), ("CMYK", 3)])
def test_other_kinds_of_files(tmp_path: Path, mode: str, channels: int) -> None:
    Image.new("RGB", (4, 2), "white").convert(mode).save(tmp_path / "a.tif")
    np.testing.assert_array_equal(data.read_image(tmp_path / "a.tif"), np.ones((channels, 2, 4)))


def test_a_photograph_is_upright(tmp_path: Path) -> None:
    turned = Image.new("RGB", (4, 2), (255, 0, 51))
    exif = turned.getexif()
    exif[0x0112] = 6  # the camera was held on its side
    turned.save(tmp_path / "turned.png", exif=exif)
    image = data.read_image(tmp_path / "turned.png")
    assert image.shape == (3, 4, 2)
    np.testing.assert_allclose(image[:, 0, 0], [1, 0, 0.2], rtol=1e-6)


def test_what_is_no_picture_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "talk.heic").write_bytes(b"no picture")
    with pytest.raises(OSError, match=r"talk\.heic must be a picture.*Save it as PNG or JPEG"):
        data.read_image(tmp_path / "talk.heic")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        data.read_image(tmp_path / "nowhere.png")


# Arrays


@given(st.sampled_from(["u1", "u2", "<u2", ">u2", "?", "f2", "f4", ">f4", "f8"]))
def test_arrays_of_pixels_by_their_kind(kind: str) -> None:
    pixels = (RAMP * {"u1": 255, "u2": 65535}.get(kind.lstrip("<>"), 1)).astype(kind)
    unit = as_unit(pixels)
    assert unit.dtype == np.float32
    np.testing.assert_allclose(unit, RAMP if kind != "?" else pixels, atol=1 / 250)


@pytest.mark.parametrize("pixels", [[-2.1, 2.6], [0.0, 1.2], [0, 1], [-1, 1], [True, False]])
def test_numbers_around_0_and_1_stay_as_they_are(pixels: list[float]) -> None:
    np.testing.assert_allclose(as_unit(pixels), np.float32(pixels))


@pytest.mark.parametrize("pixels", [[0.0, 255.0], [-123.7, 151.1], [0, 255], [0, 9], [0.0, 3.0]])
def test_numbers_that_would_all_be_white_are_refused_and_the_advice_works(
    pixels: list[float],
) -> None:
    with pytest.raises(ValueError, match=r"numbers from 0 to 1, not .*Say which number is white"):
        as_unit(pixels)
    assert abs(as_unit(np.array(pixels) / 255)).max() <= 1


@pytest.mark.parametrize(
    ("pixels", "cure"),
    [
        ([0.0, 65535.0], "image / 65535"),
        ([0.0, 255.0], "image / 255"),
        ([0.0, 3.0], "image / 3"),
        (np.array([-128, 127], np.int8), "image / 255"),
        (np.array([0, 70000], np.uint32), "image / 70000"),
    ],
)
def test_the_number_that_is_likely_to_be_white_is_named(pixels: Any, cure: str) -> None:
    with pytest.raises(ValueError, match=rf"Say which number is white: {cure}\.$"):
        as_unit(pixels)
    mended = as_unit(eval(cure, {"image": np.asarray(pixels)}))
    assert 0.49 < abs(mended).max() <= 1


def test_a_path_is_read_first() -> None:
    with pytest.raises(ValueError, match=r"Read the file first: cnnlab\.data\.read_image\(path\)"):
        as_unit("camera.png")


@pytest.mark.parametrize("pixels", [["a"], [np.nan, 1], [1j], [None]])
def test_what_holds_no_numbers_is_refused(pixels: list[object]) -> None:
    with pytest.raises(ValueError, match=r"^image must .*\.$"):
        as_unit(pixels)


@given(st.floats(0, 1), st.floats(0, 1))
def test_paper_shines_through(shade: float, opaque: float) -> None:
    seen = on_paper(np.array([[[shade, opaque]]], np.float32))
    assert seen[0, 0, 0] == pytest.approx(1 - opaque * (1 - shade), abs=1e-6)
