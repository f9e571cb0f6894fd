"""/api/docs: all of the API on one page, with examples that are true."""

from __future__ import annotations

import html
import re

import pytest

from tests.openapi_contract import _validator
from web.api.openapi import document, examples


@pytest.fixture
def page(client) -> str:
    answer = client.get("/api/docs")
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def test_every_path_method_model_and_field_of_the_document_is_on_the_page(page: str) -> None:
    told = document()
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            part = page.split(f'id="{operation["operationId"]}"')[1].split("</details>")[0]
            assert f">{method.upper()}</b> <code>{path}</code>" in part
            assert operation["summary"] in part
            assert "curl" in part
            for status in operation["responses"]:
                assert f"<code>{status}</code>" in part
    for name, schema in told["components"]["schemas"].items():
        part = page.split(f'id="{name}"')[1].split("</section>")[0]
        for field in schema["properties"]:
            assert f"<code>{field}</code>" in part


def test_every_link_within_the_page_leads_somewhere(page: str) -> None:
    for target in set(re.findall(r'href="#([^"]+)"', page)):
        assert f'id="{target}"' in page, target


def test_every_example_is_what_its_model_says() -> None:
    schemas = document()["components"]["schemas"]
    for name, example in examples().items():
        faults = list(_validator(f"#/components/schemas/{name}").iter_errors(example))
        assert faults == [], name
        known = set(schemas[name]["properties"])
        assert set(example) <= known, f"{name}: {set(example) - known}"


def test_the_page_loads_nothing_from_elsewhere(client, page: str) -> None:
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', page)
    assert [
        address for address in loaded if not address.startswith(("/", "http://localhost"))
    ] == []
    style = next(address for address in loaded if address.endswith("reference.css"))
    assert "immutable" in client.get(style).headers["Cache-Control"]
