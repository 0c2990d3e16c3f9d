"""The exception tree.

EvidenceMapperError
├── UsageError              a request that cannot be met as asked: unknown name, missing option
├── FrameworkError          file, line, key and what was expected
├── ExtractionError         one document could not be read; carries a stable ``code``
│   ├── UnsupportedFormat
│   │   └── OwnExport       an export of this program
│   ├── EncryptedFile
│   ├── DamagedFile
│   ├── EmptyFile
│   ├── NoTextLayer
│   ├── FileChanged         between hashing and reading
│   ├── NoSuchColumn        a column of answers that was asked for
│   └── LimitExceeded       time, memory or size
├── StoreError
│   ├── ProjectNotFound
│   ├── PassphraseNeeded    the project is encrypted and nobody can be asked
│   ├── WrongPassphrase
│   ├── SchemaTooOld
│   ├── SchemaTooNew
│   └── IntegrityError
├── ModelError
│   ├── ModelNotFound
│   ├── SpecMismatch
│   └── UntrustedArtefact
└── ExportError

Every message says what happened, to what, what is available and the next command.
"""

from __future__ import annotations

from pathlib import Path


class EvidenceMapperError(Exception):
    """Anything this package raises on purpose; the message is meant for the person at the keyboard."""


class UsageError(EvidenceMapperError):
    """A request names something that does not exist or cannot be combined."""


class FrameworkError(EvidenceMapperError):
    """A framework file is not what the loader expects.

    Parameters
    ----------
    path
        The file.
    message
        What was expected and what was found.
    line
        One-based line in the file; None when the fault has no single line.
    key
        Dotted key, such as ``statement[2].we.text``; None for a fault of syntax.
    """

    def __init__(
        self, path: Path | str, message: str, *, line: int | None = None, key: str | None = None
    ) -> None:
        self.path = str(path)
        self.line = line
        self.key = key
        where = self.path if line is None else f"{self.path}:{line}"
        named = f" key '{key}':" if key else ""
        super().__init__(f"{where}:{named} {message}")


class ExtractionError(EvidenceMapperError):
    """One document could not be read; the run goes on without it."""

    code = "unreadable"


class UnsupportedFormat(ExtractionError):
    """The content is of a kind no extractor reads."""

    code = "unsupported"


class OwnExport(UnsupportedFormat):
    """An evidence list that this program wrote: its quotes are in the project already."""

    code = "own-export"


class EncryptedFile(ExtractionError):
    """The file needs a password."""

    code = "encrypted"


class DamagedFile(ExtractionError):
    """The file claims a format but its bytes break the format's rules."""

    code = "damaged"


class EmptyFile(ExtractionError):
    """The file has no bytes, or no text in it at all."""

    code = "empty"


class NoTextLayer(ExtractionError):
    """Pages are pictures: the document needs optical character recognition."""

    code = "needs-ocr"


class FileChanged(ExtractionError):
    """The file's content was another after reading than before: no hash fits what was read."""

    code = "changed"


class NoSuchColumn(ExtractionError):
    """A table has no column of the name a person asked for."""

    code = "no-such-column"


class LimitExceeded(ExtractionError):
    """Reading passed a limit of time, memory or size, or the parser's process died."""

    code = "limit"


class StoreError(EvidenceMapperError):
    """The project file refused an operation."""


class ProjectNotFound(StoreError):
    """No project file at the given path."""


class PassphraseNeeded(StoreError):
    """The project is encrypted, and neither a person nor a file says its passphrase."""


class WrongPassphrase(StoreError):
    """The passphrase does not open the project."""


class SchemaTooOld(StoreError):
    """The project was written by an older version and must be migrated first."""


class SchemaTooNew(StoreError):
    """The project was written by a newer version of the program."""


class IntegrityError(StoreError):
    """What is stored disagrees with its own hash or span."""


class ModelError(EvidenceMapperError):
    """A classifier artefact cannot be used."""


class ModelNotFound(ModelError):
    """No artefact of that name."""


class SpecMismatch(ModelError):
    """The artefact was fitted for another framework or encoder."""


class UntrustedArtefact(ModelError):
    """The artefact's hash is wrong, or it holds a type outside the allow-list."""


class ExportError(EvidenceMapperError):
    """An export could not be written."""
