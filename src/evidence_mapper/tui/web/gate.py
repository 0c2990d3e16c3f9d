"""Who may come in: one browser, with the address printed on the terminal, from this machine."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

HOST: Final = "127.0.0.1"
_BYTES: Final = 32


class Gate:
    """Lets in whoever shows the token first, and from then on that browser alone.

    Parameters
    ----------
    port
        The port served, which tells this review's cookie and origin from another's.
    """

    def __init__(self, port: int) -> None:
        self._token: str | None = secrets.token_urlsafe(_BYTES)
        self._secret = secrets.token_urlsafe(_BYTES)
        self.cookie = f"evidence-mapper-{port}"
        self.authority = f"{HOST}:{port}"
        self.origin = f"http://{self.authority}"

    @property
    def address(self) -> str:
        """Return the address to open, with the token; once it is used, without."""
        return f"{self.origin}/" + (f"?token={self._token}" if self._token else "")

    def redeem(self, token: str) -> str | None:
        """Return the secret to keep as cookie for the right token, once; None for any other."""
        if self._token is None or not _same(token, self._token):
            return None
        self._token = None
        return self._secret

    def knows(self, cookies: Mapping[str, str]) -> bool:
        """Return whether a request comes from the browser that was let in."""
        return _same(cookies.get(self.cookie, ""), self._secret)

    def is_ours(self, host: str | None) -> bool:
        """Return whether a request names this very address: another name could be a foreign site's."""
        return host == self.authority


def _same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())
