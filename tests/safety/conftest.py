"""The shipped words of the layer of safety."""

from __future__ import annotations

from pathlib import Path

import pytest

from safety import Fraud, Life
from search.normalise import Normaliser

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def normalise() -> Normaliser:
    return Normaliser()


@pytest.fixture(scope="session")
def life(normalise: Normaliser) -> Life:
    return Life.read(DATA / "safety" / "life.yml", normalise)


@pytest.fixture(scope="session")
def fraud(normalise: Normaliser) -> Fraud:
    return Fraud.read(DATA / "safety" / "fraud.yml", normalise, DATA / "safety" / "stories")
