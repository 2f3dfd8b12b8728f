"""Photographs of the package as grey pictures, and the code that loads them."""

from functools import cache

from cnnlab.explore.filter.response import LUMINANCE, Image, grey


@cache
def photo(name: str) -> Image:
    """A photograph by its name, grey, (H, W) float32."""
    from cnnlab import data

    return grey(data.photo(name).image)


@cache
def aside(photo: str) -> str:
    """What to say beside a photograph that was in colour."""
    from cnnlab import data

    in_colour = len(data.photo(photo).image) == 3
    return "The photograph is in colour; its luminance is shown." if in_colour else ""


@cache
def loading(photo: str) -> tuple[str, ...]:
    """Lines of code that load a photograph as grey."""
    from cnnlab import data

    image = f'data.photo("{photo}").image'
    if len(data.photo(photo).image) == 1:
        return "from cnnlab import data", "", f"image = {image}[0]"
    luminance = f"np.float32({list(LUMINANCE)})"
    return "from cnnlab import data", "", f"image = np.tensordot({luminance}, {image}, 1)"
