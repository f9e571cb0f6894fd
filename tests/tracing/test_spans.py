"""Spans by themselves: whose child is whose, what is told, what is left out."""

from __future__ import annotations

import itertools

import pytest

from tracing import context
from tracing.settings import BadTraces, Traces
from tracing.spans import Kind, Span, payload
from tracing.tracer import Tracer, open_tracer


class Kept(list):
    """Keeps spans instead of sending them."""

    keep = list.append

    def close(self) -> None:
        """Take no more."""


def tracer(kept: Kept, share: float = 1.0) -> Tracer:
    drawn, clock = itertools.count(1), itertools.count(1_000)
    return Tracer(kept, share, lambda size: next(drawn).to_bytes(size, "big"), lambda: next(clock))


def test_what_is_done_within_a_span_is_below_it_and_what_comes_after_is_not() -> None:
    kept = Kept()
    spans = tracer(kept)
    with spans.span("request", Kind.SERVER) as request, spans.span("bot", Kind.CLIENT) as bot:
        assert spans.brought() == {"traceparent": f"00-{bot.context.trace}-{bot.context.span}-01"}
    with spans.span("later", Kind.SERVER) as later:
        pass
    assert [one.name for one in kept] == ["bot", "request", "later"]
    assert bot.parent == request.context.span
    assert bot.context.trace == request.context.trace != later.context.trace
    assert later.parent == ""
    assert spans.brought() == {}


def test_another_processes_span_goes_on_below_the_one_that_asked() -> None:
    kept = Kept()
    with tracer(Kept()).span("bot", Kind.CLIENT) as asking:
        brought = context.read(asking.context.written())
    with tracer(kept).span("turn", Kind.SERVER, brought) as turn:
        pass
    assert (turn.context.trace, turn.parent) == (asking.context.trace, asking.context.span)


def test_a_trace_is_told_in_all_its_parts_or_in_none() -> None:
    kept = Kept()
    spans = tracer(kept, share=0.0)
    with spans.span("request", Kind.SERVER), spans.span("bot", Kind.CLIENT):
        brought = context.read(spans.brought()["traceparent"])
    with tracer(kept).span("turn", Kind.SERVER, brought):
        pass
    assert kept == []


def test_half_of_the_traces_are_told_where_that_is_wished() -> None:
    numbers = (number << 60 for number in range(16))
    told = [context.root(lambda size: next(numbers).to_bytes(16, "big")[-size:], 0.5)]
    assert told[0].sampled
    high = context.root(lambda size: b"\xff" * size, 0.5)
    assert not high.sampled
    assert context.root(lambda size: b"\xff" * size, 1.0).sampled


def test_of_an_error_the_kind_is_told_and_never_its_message() -> None:
    kept = Kept()
    with (
        pytest.raises(ValueError, match="我的秘密"),
        tracer(kept).span("turn", Kind.SERVER),
    ):
        raise ValueError("我的秘密")
    (written,) = payload("xiaohu-bot", kept)["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert written["status"] == {"code": 2}
    assert written["attributes"] == [{"key": "error.type", "value": {"stringValue": "ValueError"}}]


def test_numbers_are_written_as_otlp_wants_them() -> None:
    span = Span("turn", Kind.SERVER, context.Context("a" * 32, "b" * 16, True), "", 1, 2)
    span.note(event=7, share=0.5, kept=True, unknown=None)
    (written,) = payload("x", [span])["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert [one["value"] for one in written["attributes"]] == [
        {"intValue": "7"}, {"doubleValue": 0.5}, {"boolValue": True},
    ]  # fmt: skip
    assert (written["startTimeUnixNano"], written["endTimeUnixNano"]) == ("1", "2")
    assert "parentSpanId" not in written


@pytest.mark.parametrize(
    "header",
    [
        "",
        "小林",
        "00-" + "0" * 32 + "-" + "1" * 16 + "-01",
        "00-" + "1" * 32 + "-" + "0" * 16 + "-01",
        "ff-" + "1" * 32 + "-" + "1" * 16 + "-01",
        "00-" + "1" * 32 + "-" + "1" * 16 + "-01-more",
        "00-" + "G" * 32 + "-" + "1" * 16 + "-01",
    ],
)
def test_a_header_that_is_none_is_not_believed(header: str) -> None:
    assert context.read(header) is None


def test_without_a_collector_nothing_is_made() -> None:
    off = open_tracer(Traces.from_env({}), "xiaohu-web")
    with off.span("request", Kind.SERVER) as span:
        assert span is None
        assert off.brought() == {}
    assert not off.on


def test_settings_that_cannot_be_used_name_themselves() -> None:
    for name, value in (
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "no pair"),
        ("OTEL_TRACES_SAMPLER_ARG", "half"),
        ("OTEL_TRACES_SAMPLER_ARG", "2"),
    ):
        with pytest.raises(BadTraces, match=name):
            Traces.from_env({name: value})
