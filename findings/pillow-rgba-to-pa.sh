#!/usr/bin/env bash
# Pillow 11.3.0: converting a picture from RGBA to PA, a palette with transparency, makes every
# pixel opaque, without a word. Pillow 12.0.0 keeps the transparency.
#
# A drawing whose background is transparent gets a background of whatever colour stood there. The
# conversion from RGBA to LA, grey with transparency, kept it in both.
#
# Seen: alpha of (transparent, opaque): 11.3.0 PA 255, 255 and LA 0, 255; 12.0.0 both 0, 255.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for version in 11.3.0 12.0.0; do
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/python" -m pip install --quiet --disable-pip-version-check pillow==$version
  "$folder/$version/bin/python" - <<'PYTHON'
import sys

import PIL
from PIL import Image

picture = Image.new("RGBA", (2, 1))
picture.putpixel((0, 0), (255, 0, 0, 0))
picture.putpixel((1, 0), (0, 255, 0, 255))
found = {
    mode: [picture.convert(mode).getpixel((x, 0))[-1] for x in range(2)] for mode in ("PA", "LA")
}
print("Pillow", PIL.__version__, "alpha of a transparent and an opaque pixel:", found)
kept = [0, 255]
expected = {"PA": [255, 255] if PIL.__version__ == "11.3.0" else kept, "LA": kept}
sys.exit(0 if found == expected else "This has changed.")
PYTHON
done
