"""Documents as AgentWrite would have made them, found in books: sections with a main point and a length, a plan, an instruction that asks for it.

Everything is made by rule from the text: a main point is a telling sentence of its section, a topic is what its sentences are about.
"""

import json
import math
import random
from collections import Counter
from typing import Dict, Iterator, List, NamedTuple, Optional

import regex

SECTION = (150, 400)  # words of a section, as the tool's settings for the embedded model
BRIEF = (15, 160)  # words of a text that is asked for whole and is shorter than a section

WORD = regex.compile(r"[\p{L}\p{N}]+(?:['’][\p{L}]+)*")
ABBREVIATION = regex.compile(r"\b(Mr|Mrs|Ms|Dr|St|Capt|Col|Gen|Rev|Prof|Esq|Messrs|Jr|Sr|No|Vol|vol|pp?|i\.e|e\.g|\p{Lu})\.")
SENTENCE = regex.compile(r"[^.!?…]+[.!?…]+[”’\"']*\s*")
NOUN = regex.compile(r"\b(?:the|a|an|his|her|their|this|that|old|young|little|great)\s+(\p{Ll}{4,12})\b")
NAME = regex.compile(r"(?<=[\p{Ll},;]\s)(?:\p{Lu}\p{Ll}{2,}\s?){1,2}")


class Section(NamedTuple):
    point: str
    words: int  # to the next ten
    text: str


class Document(NamedTuple):
    instruction: str
    sections: List[Section]

    @property
    def words(self) -> int:
        return sum(section.words for section in self.sections)


def count_words(text: str) -> int:
    return len(WORD.findall(text))


def read_rows(path: str) -> List[dict]:
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def rarity(rows: List[dict], seed: int) -> Dict[str, float]:
    """Inverse document frequency of the words of a sample of the chapters."""
    sample = random.Random(seed).sample(rows, min(1500, len(rows)))
    seen: Counter = Counter()
    for row in sample:
        seen.update(set(word.lower() for word in WORD.findall(row["text"])))
    return {word: math.log(len(sample) / count) for word, count in seen.items()}


def documents(rows: List[dict], seed: int, sizes, bounds=SECTION) -> Iterator[Document]:
    """Endless documents of the numbers of sections that `sizes(random)` draws, each of `bounds` words; long ones run over chapters of one book."""
    generator = random.Random(seed)
    idf = rarity(rows, seed)
    books: Dict[str, List[dict]] = {}
    for row in rows:
        books.setdefault(row["author"] + "\t" + row["book"], []).append(row)
    names = sorted(books)
    weights = [sum(len(row["text"]) for row in books[name]) for name in names]
    fruitless = 0
    while True:
        if fruitless == 1000:
            raise ValueError("1,000 draws in a row found no document: expected books whose chapters have paragraphs of prose")
        fruitless += 1
        chapters = books[generator.choices(names, weights)[0]]
        wanted = sizes(generator)
        first = generator.randrange(len(chapters))
        sections: List[Section] = []
        for row in chapters[first:first + 40]:
            sections += split(row["text"], generator, idf, bounds)
            if len(sections) >= wanted:
                break
        start = generator.randrange(max(1, len(sections) - wanted + 1)) if generator.random() < 0.5 else 0
        sections = sections[start:start + wanted]
        if len(sections) == wanted:
            fruitless = 0
            yield Document(instruction(sections, chapters[first], generator, idf), sections)


def split(text: str, generator: random.Random, idf: Dict[str, float], bounds) -> List[Section]:
    """Sections of whole paragraphs; what has no prose of the right length is left out."""
    shortest, longest = bounds
    sections, open_paragraphs, words = [], [], 0
    aim = generator.randrange(shortest, longest - 60)
    for paragraph in text.split("\n\n"):
        paragraph = paragraph.strip()
        size = count_words(paragraph)
        if not is_prose(paragraph, size) or words + size > longest + 10:
            open_paragraphs, words = ([paragraph], size) if is_prose(paragraph, size) and size <= longest else ([], 0)
            continue
        open_paragraphs.append(paragraph)
        words += size
        if words >= aim:
            point = main_point("\n\n".join(open_paragraphs), idf) if bounds == SECTION else ""
            if point is not None and open_paragraphs[-1].rstrip("”’\"'")[-1:] in ".!?…":
                sections.append(Section(point, max(10, round(words, -1)), "\n\n".join(open_paragraphs)))
            open_paragraphs, words = [], 0
            aim = generator.randrange(shortest, longest - 60)
    return sections


def is_prose(paragraph: str, words: int) -> bool:
    return words >= 3 and paragraph.count("\n") == 0 and sum(map(str.isdigit, paragraph)) < len(paragraph) * 0.03


def main_point(text: str, idf: Dict[str, float]) -> Optional[str]:
    """A short sentence of narration that says most; without its final stop."""
    best, best_score = None, -1.0
    for sentence in SENTENCE.findall(ABBREVIATION.sub("\\1\u2024", text)):  # its stop is not one of a sentence
        sentence = sentence.strip().replace("\u2024", ".")
        if any(mark in sentence for mark in "“”\"‘—;:()[]\n") or not sentence[:1].isupper() or not sentence.endswith("."):
            continue
        words = WORD.findall(sentence)
        if not 6 <= len(words) <= 18:
            continue
        score = sum(min(6.0, idf.get(word.lower(), 5.0)) for word in words) / (len(words) + 4)
        if score > best_score:
            best, best_score = sentence.rstrip(" ."), score
    return best


def instruction(sections: List[Section], row: dict, generator: random.Random, idf: Dict[str, float]) -> str:
    words = sum(section.words for section in sections)
    words = f"{words:,}" if words >= 1000 and generator.random() < 0.4 else str(words)
    about = topic(sections, generator, idf)
    fiction = any("iction" in subject for subject in row["subjects"]) or not row["subjects"]
    kind = generator.choice(
        ["story", "story", "story", "novel", "tale", "short story", "piece of fiction", "adventure story", "chapter"] if fiction
        else ["article", "essay", "report", "piece", "paper", "book chapter", "story", "text", "guide"]
    )
    forms = [
        f"Write a {words}-word {kind} about {about}",
        f"Write a {words}-word {kind} about {about}.",
        f"Write a {kind} of {words} words about {about}.",
        f"Write a {kind} about {about}, {words} words.",
        f"Write a {kind} about {about} in about {words} words.",
        f"Please write a {kind} about {about}. It should have {words} words.",
        f"I need a {words}-word {kind} about {about}.",
        f"Tell me about {about} in {words} words.",
        f"{words} words about {about}, please.",
        f"Write a {kind} about {about}. The length should be around {words} words.",
    ]
    return generator.choice(forms[:3] if generator.random() < 0.5 else forms)


def topic(sections: List[Section], generator: random.Random, idf: Dict[str, float]) -> str:
    """One to three things that the sections speak of more than other texts do."""
    text = " ".join(section.text for section in sections[:12])
    nouns = Counter(NOUN.findall(text))
    known = [noun for noun in nouns if idf.get(noun, 9.0) < 5.5]  # a word that hardly any chapter has is a misprint or a dialect
    scored = sorted(known, key=lambda noun: (-math.log1p(nouns[noun]) * idf[noun], noun))[:8]
    names = [name.strip() for name, _ in Counter(NAME.findall(text)).most_common(3)]
    articled = [f"{'an' if noun[0] in 'aeiou' and generator.random() < 0.5 else generator.choice(['a', 'the', 'the'])} {noun}" for noun in scored]
    articled = [part.replace("a a", "an a") if part.startswith("a ") and part[2] in "aeiou" else part for part in articled]
    pool = articled + names[:2]
    if not pool:
        return "life"
    picked = generator.sample(pool, min(len(pool), generator.choice([1, 1, 2, 2, 3])))
    return picked[0] if len(picked) == 1 else ", ".join(picked[:-1]) + " and " + picked[-1]
