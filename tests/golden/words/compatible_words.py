"""Golden vectors for the compatible word counter, from Python's own re module.

Run: python3 compatible_words.py   (writes compatible-words.txt and python-word-ranges.txt beside this file)
"""
import pathlib
import random
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).parent

# Characters on which regular-expression engines disagree, by name.
ALPHABETS = {
    "marks": "abZ \u0301\u0308\u0327\u20dd\u0903\u093e",
    "joiners": "abQ \u200b\u200c\u200d\u2060\ufeff\u00ad",
    "connectors": "abX _\u203f\u2040\u2054\ufe33\ufe4d\uff3f",
    "superscripts": "abc \u00b2\u00b3\u00b9\u2070\u2084\u00aa\u00ba",
    "fractions": "abc \u00bc\u00bd\u2153\u2460\u2474\u3220",
    "roman": "abc \u2160\u216b\u2170\u2180\u3007\u3021",
    "han": "abc \u4e00\u9fff\u4dff\ua000\u3400\u9fa5,.",
    "astral": "abc \U00020000\U0002a6df\U00030000\U0001d400\U0001d7ce\U0001f600\U00010400\U000e0100",
    "kana": "abc \u3042\u30a2\u30fc\u309b\uff76\uff9e\u3005",
    "digits": "abc 059\u0660\u0967\uff11\U0001d7d8_",
    "letters": "abc \u00e9\u00df\u0130\u017f\u212a\u0416\u05d0\u0627\uac00\u0e01\u02b0\u01c5",
    "punctuation": "ab Y'-.,:;!?\u2019\u2014\u201c\u00b7\u3001\u3002\uff0c()",
    "surrogates": "ab \ud800\ud83d\udbff\u4e2d",
    "unassigned": "ab \u0378\u0efe\U0001faff\U00031350\U000e0fff\U0010ffff\ue000",
}
ENGLISH = ["the", "Don't", "U.S.", "well-known", "e.g.", "GPT4", "foo_bar", "2024", "x", "_", "3D", "a_1", "I", "caf\u00e9", "(so)", "\u2014"]
CHINESE = ["\u6211\u7231\u4e2d\u56fd", "\uff0c", "\u3002", "\u548cGPT", "\u201c\u597d\u201d", "\u2026\u2026", "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341"]


def count_words(text):
    """The counting rule of evaluation/pred.py, THUDM/LongWriter 3fcfdff, as two patterns."""
    return len(re.findall(r"[\u4e00-\u9fff]", text)) + len(re.findall(r"\b[a-zA-Z]+\b", text))


def texts():
    rng = random.Random(20240813)
    for alphabet in ALPHABETS.values():
        for _ in range(120):
            yield "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 14)))
    everything = "".join(ALPHABETS.values())
    for _ in range(200):
        yield "".join(rng.choice(everything) for _ in range(rng.randint(1, 30)))
    # Long ones, for what is counted in blocks.
    for pieces, separator in ((ENGLISH, " "), (CHINESE, ""), (ENGLISH + CHINESE, " "), (ENGLISH + CHINESE, "")):
        for _ in range(30):
            yield separator.join(rng.choice(pieces) for _ in range(rng.randint(20, 50)))


def word_ranges():
    start = None
    for c in range(0x110001):
        is_word = c < 0x110000 and re.match(r"\w", chr(c)) is not None
        if is_word and start is None:
            start = c
        elif not is_word and start is not None:
            yield start, c - 1
            start = None


def main():
    header = f"# Python {sys.version.split()[0]}, Unicode {unicodedata.unidata_version}; written by compatible_words.py\n"
    with open(HERE / "compatible-words.txt", "w", encoding="ascii", newline="\n") as file:
        file.write(header + "# count TAB code points\n")
        for text in texts():
            file.write(f"{count_words(text)}\t{' '.join(f'{ord(c):X}' for c in text)}\n")
    with open(HERE / "python-word-ranges.txt", "w", encoding="ascii", newline="\n") as file:
        file.write(header + "# code points that \\w matches, first..last\n")
        for first, last in word_ranges():
            file.write(f"{first:X}..{last:X}\n")


if __name__ == "__main__":
    main()
