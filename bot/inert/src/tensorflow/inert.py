"""Classes that can be imported, annotated with and inherited from, and never called."""

from __future__ import annotations

from collections.abc import Callable


class TensorFlowLeftOut(RuntimeError):
    """Something wanted to compute with TensorFlow, which this environment leaves out."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was called, but this environment runs Rasa without TensorFlow "
            "(bot/inert stands in for it). Use RulePolicy and components that need no "
            "TensorFlow, or install the real one."
        )


class InertType(type):
    """The type of every stand-in: attributes are stand-ins again, a call raises."""

    def __getattr__(cls, name: str) -> InertType:
        # Python, typing and pickle probe for dunder names: those must look absent.
        if name.startswith("__"):
            raise AttributeError(name)
        made = inert_class(f"{cls.__module__}.{cls.__qualname__}", name)
        setattr(cls, name, made)
        return made

    def __call__(cls, *args: object, **kwargs: object) -> object:
        raise TensorFlowLeftOut(f"{cls.__module__}.{cls.__qualname__}")


def inert_class(module: str, name: str) -> InertType:
    """Make the stand-in class `name` of `module`."""
    return InertType(name, (), {"__module__": module})


def attributes_of(module: str) -> Callable[[str], InertType]:
    """Make a module's `__getattr__`, which answers one inert class a name."""
    made: dict[str, InertType] = {}

    def attribute(name: str) -> InertType:
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        if name not in made:
            made[name] = inert_class(module, name)
        return made[name]

    return attribute
