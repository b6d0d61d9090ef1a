"""The search of the web edition: static files that a page's script reads.

``searchable`` asks one document for what others need of it; ``text_files`` makes the
file of its own text; ``search_products`` says what is made for the whole edition.
"""

from toolkit.editions.search.document import searchable
from toolkit.editions.search.files import text_files
from toolkit.editions.search.product import asked, search_products

__all__ = ["asked", "search_products", "searchable", "text_files"]
