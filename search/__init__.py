"""FAQ search of a help center: documents → analysis → index → query → ranking.

>>> from search import Settings, open_engine
>>> engine = open_engine(Settings(data=Path("data"), index=Path("var/index")))
>>> engine.rank("扣了两次钱").hits[0].question
'同一笔订单被扣了两次'
"""

from search.content import Category, fill
from search.documents import Faq
from search.engine import Engine, day_here, open_engine, open_live
from search.errors import BadContent, IndexUnusable, Problem, SearchError, UnknownFaq
from search.ranking import Hit, Ranking
from search.settings import Settings
from search.suggestion import Suggestion

__all__ = [
    "BadContent",
    "Category",
    "Engine",
    "Faq",
    "Hit",
    "IndexUnusable",
    "Problem",
    "Ranking",
    "SearchError",
    "Settings",
    "Suggestion",
    "UnknownFaq",
    "day_here",
    "fill",
    "open_engine",
    "open_live",
]
