"""The books: reading them, and which chapters are held out of all training."""

import hashlib
import json
import lzma
from typing import Iterator, NamedTuple

HELD_OUT_PERCENT = 2


class Chapter(NamedTuple):
    author: str
    book: str
    number: int  # counted from 1 within the book
    title: str
    text: str  # paragraphs separated by a blank line
    subjects: tuple
    held_out: bool


def is_held_out(author: str, book: str, number: int, title: str) -> bool:
    """Chosen by a hash of author, title and chapter, so that nobody picks and nothing moves when books are added."""
    name = "\t".join((author, book, str(number), title))
    return int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:4], "big") % 100 < HELD_OUT_PERCENT


def read_chapters(path: str) -> Iterator[Chapter]:
    """Chapters of a file of books, one JSON object a line: author, title, subjects, chapters: [{title, text}]."""
    opener = lzma.open if path.endswith(".xz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line_number, line in enumerate(lines, 1):
            try:
                book = json.loads(line)
                for number, chapter in enumerate(book["chapters"], 1):
                    title = chapter["title"] or ""
                    held_out = is_held_out(book["author"], book["title"], number, title)
                    subjects = tuple(book.get("subjects") or ())
                    yield Chapter(book["author"], book["title"], number, title, chapter["text"], subjects, held_out)
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(
                    f"{path}: line {line_number}: expected a book with author, title and chapters of title and text: {error!r}"
                ) from error
