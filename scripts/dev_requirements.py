"""Print the development requirements of pyproject.toml, one a line.

pip before 25.1 cannot install dependency groups; this works with any.
"""

from __future__ import annotations

import tomllib
from pathlib import Path


def main() -> None:
    text = (Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    print("\n".join(tomllib.loads(text)["dependency-groups"]["dev"]))


if __name__ == "__main__":
    main()
