"""Reading the articles themselves: a ranking that needs no more than one question an FAQ.

Where customers' ways of asking are listed by the dozen, class weights learn from them
(`search.classifier`). A company that just began has a question and an answer each; then what a
message shares with questions, answers and their sentences decides: the characters, the words, the
sounds, and the meanings of `meanings.txt`. How much each counts was learned once, on articles
whose ways of asking were hidden (`learning.py`), and is kept in `weights.json`.
"""

from search.reading.articles import Articles
from search.reading.catalogue import articles_of, reread
from search.reading.encoder import Encoded, Encoder, encoder_of, installed
from search.reading.judging import Reader, Verdict

__all__ = [
    "Articles",
    "Encoded",
    "Encoder",
    "Reader",
    "Verdict",
    "articles_of",
    "encoder_of",
    "installed",
    "reread",
]
