"""Static files under an address that changes with their content, so that browsers keep them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from flask import Response, current_app, send_from_directory

FOREVER = "public, max-age=31536000, immutable"


@dataclass(slots=True)
class Assets:
    """The files of one part of the site.

    folder: what is served. more: folders and files that are rendered into it, so that a change
    there makes a new revision too.
    """

    folder: Path
    more: tuple[Path, ...] = ()
    _revision: str = field(default="", init=False)

    def revision(self) -> str:
        """Return a short hash of all the content; read anew at each call only in debug mode."""
        if not self._revision or current_app.debug:
            digest = hashlib.sha256()
            for root in (self.folder, *self.more):
                for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
                    if path.is_file():
                        digest.update(path.name.encode() + b"\0" + path.read_bytes())
            self._revision = digest.hexdigest()[:12]
        return self._revision

    def send(self, revision: str, name: str) -> Response:
        """Answer with a file of the folder; raises NotFound if there is none."""
        response = send_from_directory(self.folder, name)
        return self.keep(response, revision)

    def keep(self, response: Response, revision: str) -> Response:
        """Let the browser keep an answer for good if it was asked for by today's revision."""
        response.headers["Cache-Control"] = FOREVER if revision == self.revision() else "no-cache"
        return response
