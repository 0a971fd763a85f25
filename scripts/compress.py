"""Put a .gz and a .br beside each large text file of a folder: `python -m scripts.compress FOLDER`.

Small files are left alone: an icon of 600 bytes gains nothing worth a second and a third file.
"""

import gzip
import sys
from pathlib import Path

import brotli

_TEXTS = {".css", ".js", ".svg"}
_WORTH_IT = 4096  # bytes


def compress(folder: Path) -> None:
    """Compress once, as well as it goes, what browsers would otherwise load many times."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in _TEXTS and path.is_file() and path.stat().st_size >= _WORTH_IT:
            content = path.read_bytes()
            # A fixed time makes the same files give the same bytes.
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
            path.with_name(f"{path.name}.br").write_bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=11))


if __name__ == "__main__":
    compress(Path(sys.argv[1]))
