"""The parameters of the API's operations, as OpenAPI writes them."""

from __future__ import annotations

from typing import Any


def parameter(name: str, where: str, kind: str, about: str) -> dict[str, Any]:
    """Describe one parameter; those of the path are required."""
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": about,
        "schema": {"type": kind},
    }


FAQ = parameter("faq_id", "path", "string", "id of the FAQ")
CONVERSATION = parameter("conversation_id", "path", "string", "id of the conversation")
CALL = parameter("call_id", "path", "string", "id of the call")
ATTACHMENT = parameter("attachment_id", "path", "string", "id of the picture or document")
CLIENT = parameter("client_id", "query", "string", "made by the client; a retry never doubles")
FILE_NAME = parameter(
    "Xiaohu-File-Name", "header", "string", "a document's name, percent-encoded as UTF-8"
)
QUERY = parameter("q", "query", "string", "what is looked for, at most 500 characters")
LIMIT = parameter("limit", "query", "integer", "at most so many, 1 to 100")
AFTER = parameter("after", "query", "integer", "only events with a higher id")
LAST = parameter("Last-Event-ID", "header", "integer", "like after, and before it")
READ_SO_FAR = parameter("Last-Event-ID", "header", "string", "what was read of the signals")
EPOCH = parameter("epoch", "query", "integer", "the call's epoch as the page that is left knew it")
