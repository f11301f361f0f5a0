"""Books to training data: chapters.jsonl and held_out.jsonl, then (with a tokenizer) tokens of uint16, chapter after chapter.

    python3 prepare.py --books ../shared/data/books/books.jsonl.xz --out data            # texts
    longwriter data train-tokenizer --from data/train.jsonl --vocab-size 4096 --out data/tokenizer.json
    python3 prepare.py --tokens data                                                      # train.bin, held_out.bin
"""

import argparse
import hashlib
import json
import os

import numpy

from books import read_chapters
from tokenizer import END_OF_TEXT, Tokenizer


def write_texts(books: str, folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    counts = {"train": [0, 0], "held_out": [0, 0]}
    with open(os.path.join(folder, "train.jsonl"), "w", encoding="utf-8") as train, \
            open(os.path.join(folder, "held_out.jsonl"), "w", encoding="utf-8") as held_out:
        for chapter in read_chapters(books):
            row = {
                "author": chapter.author, "book": chapter.book, "number": chapter.number, "title": chapter.title,
                "subjects": list(chapter.subjects), "text": chapter.text,
            }
            file, name = (held_out, "held_out") if chapter.held_out else (train, "train")
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            counts[name][0] += 1
            counts[name][1] += len(chapter.text.split())
    for name, (chapters, words) in counts.items():
        print(f"{name}: {chapters} chapters, {words} words, sha256 {digest(os.path.join(folder, name + '.jsonl'))}")


def write_tokens(folder: str) -> None:
    tokenizer = Tokenizer(os.path.join(folder, "tokenizer.json"))
    for name in ("held_out", "train"):
        ids = []
        with open(os.path.join(folder, name + ".jsonl"), encoding="utf-8") as lines:
            for line in lines:
                ids.append(numpy.array(tokenizer.encode(json.loads(line)["text"]) + [END_OF_TEXT], dtype=numpy.uint16))
        path = os.path.join(folder, name + ".bin")
        numpy.concatenate(ids).tofile(path)
        print(f"{name}: {sum(map(len, ids))} tokens, sha256 {digest(path)}")


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", help="books.jsonl or books.jsonl.xz")
    parser.add_argument("--out", help="folder for the texts")
    parser.add_argument("--tokens", metavar="FOLDER", help="folder that holds the texts and tokenizer.json")
    options = parser.parse_args()
    if options.books and options.out:
        write_texts(options.books, options.out)
    elif options.tokens:
        write_tokens(options.tokens)
    else:
        parser.error("expected --books FILE --out FOLDER, or --tokens FOLDER")


if __name__ == "__main__":
    main()
