"""Rows of conversations in the prompts and layouts of our writer (src/LongWriter.Core/Prompts/v1/brief), to fine-tune on.

    python3 conversations.py --texts data/train.jsonl --tokenizer data/tokenizer.json --tokens 4000000 --out data/sft.npz

Kinds of rows: a plan; a broken plan and its repair; a plan that goes on; sections of a planned document, some entered in the middle,
some continued because they ended early; a whole short text. Only what the assistant says is learned, its end token included; where a
paragraph or a line of a plan has ended, what decides whether another follows weighs as much as DECISION_WEIGHT tokens: there are few of them, and lengths hang on them.
"""

import argparse
import os
import random
from typing import List, Optional, Tuple

import numpy

from documents import BRIEF, Document, count_words, documents, read_rows
from tokenizer import IM_END, IM_START, Tokenizer

PROMPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src", "LongWriter.Core", "Prompts", "v1", "brief")
DECISION_WEIGHT = 8  # of an end token and of the line feed that stands where one could be, against 1 of other tokens

Turn = Tuple[str, str, bool]  # role, text, learned


def prompt(name: str, **places: str) -> str:
    with open(os.path.join(PROMPTS, name + ".txt"), encoding="utf-8") as file:
        text = file.read().strip("\n")
    for place, value in places.items():  # one place after another is safe here: no value holds a place
        text = text.replace(f"${place}$", value)
    return text


def plan_line(document: Document, index: int, left: str = "") -> str:
    section = document.sections[index]
    return f"Paragraph {index + 1}{left} - Main Point: {section.point} - Word Count: {section.words} words"


def plan_text(document: Document, first: int = 0, last: Optional[int] = None) -> str:
    return "\n".join(plan_line(document, index) for index in range(first, len(document.sections) if last is None else last))


def plan_reply(document: Document, first: int = 0) -> str:
    """The plan as it is answered: each line says how many follow. Counting down is what a very small model can do, and behind 0 the plan ends;
    to compare the number of a line with the number that was asked for is not."""
    count = len(document.sections)
    return "\n".join(plan_line(document, index, f" ({count - 1 - index} left)") for index in range(first, count))


def ask_for_plan(document: Document, generator: random.Random) -> str:
    return prompt("plan", INST=document.instruction, LENGTH=length(document.words, generator), COUNT=str(len(document.sections)))


def length(words: int, generator: random.Random) -> str:
    """As PromptWording says lengths; an exact one mostly."""
    draw = generator.random()
    if draw < 0.85:
        return f"{words} words"
    if draw < 0.93:
        return f"at least {words} words"
    if draw < 0.97:
        return f"at most {words} words"
    return f"{round(words * 0.9, -2)} to {words} words"


def plan(document: Document, generator: random.Random) -> List[Turn]:
    return [("user", ask_for_plan(document, generator), False), ("assistant", plan_reply(document), True)]


def repaired_plan(document: Document, generator: random.Random) -> List[Turn]:
    lines = plan_reply(document).split("\n")
    kind = generator.randrange(3)
    if kind == 0:  # no word counts
        broken = "\n".join(line[:line.rindex(" - Word Count:")] for line in lines)
        problem = "\n".join(
            f"Line {number}: The step has no word count; expected one such as \"Word Count: 400 words\"." for number in range(1, min(5, len(lines)) + 1)
        )
    elif kind == 1:  # prose
        broken = document.sections[0].text[:generator.randrange(100, 600)]
        problem = "The reply has no step of a plan."
    else:  # a plan that breaks off in its first line
        broken = lines[0][:generator.randrange(10, 40)]
        problem = "Line 1: The step has no word count; expected one such as \"Word Count: 400 words\"."
    return [
        ("user", ask_for_plan(document, generator), False), ("assistant", broken, False),
        ("user", prompt("plan-repair", PROBLEM=problem), False), ("assistant", plan_reply(document), True),
    ]


def continued_plan(document: Document, generator: random.Random) -> List[Turn]:
    at = generator.randrange(1, len(document.sections)) if len(document.sections) > 1 else 1
    shown = plan_text(document, max(0, at - 5), at)  # as the writer shows what it has read
    missing = sum(section.words for section in document.sections[at:])
    return [
        ("user", ask_for_plan(document, generator), False), ("assistant", shown, False),
        ("user", prompt("plan-continue", INDEX=str(at + 1), WORDS=f"{missing} words", STEP=plan_line(document, at - 1)), False),
        ("assistant", plan_reply(document, at), True),
    ]


def sections(document: Document, generator: random.Random, room: int, size) -> List[Turn]:
    """As many sections as there is room for, from the beginning or from some place in the middle."""
    count = len(document.sections)
    first = generator.randrange(count) if generator.random() < 0.6 else 0
    shown_plan = plan_text(document)
    if first > 0:
        shown_plan += f"\n\n(Paragraphs 1 to {first} are written already and are not shown.)"
    turns: List[Turn] = []
    used = 0
    for index in range(first, count):
        section = document.sections[index]
        places = {"INDEX": str(index + 1), "WORDS": f"{section.words} words", "POINT": section.point}
        ask = prompt("next", **places) if turns else prompt("open", INST=document.instruction, PLAN=shown_plan, **places)
        added = [("user", ask, False)] + continued(section.text, index, section.point, generator)
        used += sum(size(text) + 5 for _, text, _ in added)
        if used > room:
            break
        turns += added
    return turns


def continued(text: str, index: int, point: str, generator: random.Random) -> List[Turn]:
    """One reply, or at times two: what came first is shown and the rest is asked for, as where a section ends too early."""
    paragraphs = text.split("\n\n")
    if len(paragraphs) < 2 or generator.random() > 0.25:
        return [("assistant", text, True)]
    at = generator.randrange(1, len(paragraphs))
    rest = "\n\n".join(paragraphs[at:])
    missing = f"{max(10, round(count_words(rest), -1))} words"
    # The first reply is not learned: it ends too early.
    return [
        ("assistant", "\n\n".join(paragraphs[:at]), False),
        ("user", prompt("continue", INDEX=str(index + 1), WORDS=missing, POINT=point), False), ("assistant", rest, True),
    ]


def whole(document: Document, generator: random.Random) -> List[Turn]:
    return [
        ("user", prompt("whole", INST=document.instruction, LENGTH=f"{document.words} words"), False),
        ("assistant", "\n\n".join(section.text for section in document.sections), True),
    ]


def encode(turns: List[Turn], tokenizer: Tokenizer):
    """Token ids and their weights, 0 where nothing is learned. The assistant's text is encoded by itself, as the engine keeps it."""
    ids: List[int] = []
    weights: List[int] = []

    def add(tokens: List[int], is_learned: bool) -> None:
        for index, token in enumerate(tokens):
            decides = token == IM_END or (token == tokenizer.line_feed and tokens[index - 1] != tokenizer.line_feed)
            ids.append(token)
            weights.append((DECISION_WEIGHT if decides else 1) if is_learned else 0)

    for role, text, is_learned in turns:
        add([IM_START], False)
        if role == "assistant":
            add(tokenizer.encode("assistant\n"), False)
            add(tokenizer.encode(text) + [IM_END], is_learned)
        else:
            add(tokenizer.encode(role + "\n" + text) + [IM_END], False)
        add(tokenizer.encode("\n"), False)
    return ids, weights


def build(rows: List[dict], tokenizer: Tokenizer, tokens: int, longest: int, seed: int, plans: float):
    """Rows of both lengths and of all kinds until there are enough tokens."""
    generator = random.Random(seed)
    size = lambda text: len(tokenizer.encode(text))  # noqa: E731
    brief = documents(rows, seed + 4, lambda r: 1, BRIEF)
    short = documents(rows, seed + 1, lambda r: r.choice([1, 1, 1, 2, 3, 4]))
    some = documents(rows, seed + 2, lambda r: r.randrange(2, 12))
    many = documents(rows, seed + 3, lambda r: r.choice([8, 12, 16, 20, 24, 30, 36, 36, 40, 45]))
    built, total = [], 0
    kinds = {
        "sections": 42, "whole": 8, "brief": 10, "plan": plans, "repaired": 4, "continued": 4,
    }
    while total < tokens:
        kind = generator.choices(list(kinds), list(kinds.values()))[0]
        room = longest if generator.random() < 0.10 else min(longest, 1400)
        if kind == "sections":
            turns = sections(next(some if generator.random() < 0.75 else many), generator, room, size)
        elif kind == "whole":
            turns = whole(next(short), generator)
        elif kind == "brief":
            turns = whole(next(brief), generator)
        elif kind == "plan":
            turns = plan(next(some if generator.random() < 0.65 else many), generator)
        elif kind == "repaired":
            turns = repaired_plan(next(some), generator)
        else:
            turns = continued_plan(next(many), generator)
        if not turns:
            continue
        ids, weights = encode(turns, tokenizer)
        if len(ids) <= longest:
            built.append((ids, weights))
            total += len(ids)
    return built


def save(built, path: str) -> None:
    numpy.savez_compressed(
        path,
        ids=numpy.concatenate([numpy.array(ids, dtype=numpy.uint16) for ids, _ in built]),
        weights=numpy.concatenate([numpy.array(weights, dtype=numpy.uint8) for _, weights in built]),
        ends=numpy.cumsum([len(ids) for ids, _ in built]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", required=True, help="train.jsonl of prepare.py")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--tokens", type=int, default=4_000_000)
    parser.add_argument("--longest", type=int, default=4096, help="tokens of the longest row")
    parser.add_argument("--plans", type=float, default=32, help="weight of plans among the kinds of rows, beside 68 of the others")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    built = build(read_rows(options.texts), Tokenizer(options.tokenizer), options.tokens, options.longest, options.seed, options.plans)
    save(built, options.out)
    lengths = [len(ids) for ids, _ in built]
    learned = sum(weight > 0 for _, weights in built for weight in weights)
    print(f"{len(built)} rows, {sum(lengths)} tokens, {learned} learned; longest {max(lengths)}, median {sorted(lengths)[len(lengths) // 2]}")


if __name__ == "__main__":
    main()
