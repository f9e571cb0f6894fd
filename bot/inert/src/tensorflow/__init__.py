"""Stands in for `tensorflow`: every attribute is an inert class."""

from tensorflow.inert import attributes_of

__getattr__ = attributes_of(__name__)
