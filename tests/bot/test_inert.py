"""The stand-in for TensorFlow: importable, inheritable, never callable."""

from __future__ import annotations

import importlib

import pytest


def test_it_can_be_imported_named_and_inherited_from() -> None:
    import tensorflow as tf
    import tensorflow.keras.backend as backend
    from keras.utils import tf_utils

    class Layer(tf.keras.layers.Layer):
        pass

    assert issubclass(Layer, tf.keras.layers.Layer)
    assert isinstance(backend.anything, type)
    assert isinstance(tf_utils.anything, type)


def test_calling_it_says_what_is_missing() -> None:
    import tensorflow as tf
    from tensorflow.inert import TensorFlowLeftOut

    with pytest.raises(TensorFlowLeftOut, match="without TensorFlow"):
        tf.constant(1)


@pytest.mark.parametrize(
    "module",
    ["rasa.core.policies.ted_policy", "rasa.nlu.classifiers.diet_classifier", "rasa.__main__"],
)
def test_rasas_modules_that_want_it_can_be_imported(module: str) -> None:
    assert importlib.import_module(module)
