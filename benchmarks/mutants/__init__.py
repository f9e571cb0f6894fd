"""Small faults put into the code one at a time, to see whether a test notices.

An own mutator, for reasons: the code runs in two environments (Python 3.12 and 3.10), its tests
start processes of the product from the folder that they lie in, and a sample has to be drawn by a
seed over both. mutmut rewrites a whole package for one environment; cosmic-ray runs one command for
every fault and draws no sample.
"""
