"""Map documents to the statements of a framework; a person confirms every coding."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("evidence-mapper")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"

__all__ = ["__version__"]
