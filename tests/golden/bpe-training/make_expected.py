"""Writes corpus.jsonl and expected.json: byte-pair training as docs/guide-tokenizer.md states it, in the plainest form.

Counts all pairs of all pieces again for every merge. Needs the module "regex" beside the standard library.
Command: python3 make_expected.py
"""
import json
from collections import Counter
from pathlib import Path

import regex

HERE = Path(__file__).parent
PATTERN = r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>"]
TEXTS = [
    "The keeper lit the lamp at dusk. The keeper's lamp was older than the keeper, and the sea knew it.",
    "At dawn the lamp was out, the sea was grey, and the keeper hadn't slept; he'd counted 128 waves, then 1280, then none.",
    "aaaa aaa aa a aaaaa banana bananas cabana abababab babababa",
    "老人点亮了灯,海面安静下来。老人说:“灯亮了,海就安静了。”灯,灯,灯。",
    "Смотритель зажёг лампу, и море стихло. Лампа горела, море молчало.",
    "café naïve cafe\u0301 façade — “quoted” ‘words’ … and 🙂🙂🙂 👩‍👩‍👧 again 🙂",
    "def f(x):\n\tif x:\n\t\treturn {'a': [1, 2]}\n\n\nfor i in range(10):\n    print(f(i))\n",
    "  leading,   inner    and trailing   \r\n\r\n \t \u00a0\u3000 <|im_end|> is plain text here <|im_end|><|pad|>",
    "١٢٣ ४५६ ½ Ⅷ 𝟘𝟙 x² 3.14159 1,000,000 𝒜𝓁𝓅𝒽𝒶 \u0000\u001f",
    "",
    "When the storm came over the reef, the keeper carried oil up ninety-nine steps; he counted them, as he always counted them, aloud.",
    "There is a log in the drawer: wind, weather, ships. Nobody reads the log, but the keeper writes it, and the writing keeps the keeper.",
    "They'll ask what he saw. He'll say: I saw the sea, and the sea's been seen; we've seen it, you've seen it, they're seeing it now.",
    "海上起雾了。守灯人敲了一夜的钟,钟声传不远,可是他还是敲。天亮的时候,一条小船靠了岸。",
    "夜のあいだ、灯台守は鐘を鳴らした。カタカナもひらがなも、霧の中では見えない。등대지기는 종을 쳤다.",
    "Der Wärter öffnete die Tür; draußen stürmte es über die Klippen. Größe, Maß, Fuß, Straße.",
    "SELECT name, COUNT(*) FROM lamps WHERE lit = 1 GROUP BY name; -- 42 rows\n/* no lamp, no row */\n",
    "ที่ประภาคาร ผู้ดูแลจุดไฟ ทะเลเงียบ أشعل الحارس المصباح، فهدأ البحر. שומר המגדלור",
    "=====\n-----\n=====\n***** ... ... .... !!! ??? !?!? ;;; (( )) [[ ]] {{ }} << >> <<<>>> |||| ////",
]


def byte_symbols():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols = {value: chr(value) for value in printable}
    for value in range(256):
        symbols.setdefault(value, chr(256 + len(symbols) - len(printable)))
    return symbols


def train(texts, size, min_count):
    symbols = byte_symbols()
    tokens = SPECIAL + sorted(symbols.values())
    ids = {token: number for number, token in enumerate(tokens)}
    pieces = Counter()
    for text in texts:
        end = 0
        for match in regex.finditer(PATTERN, text):
            assert match.start() == end, "the pattern leaves no gap"
            pieces[match.group()] += 1
            end = match.end()
    words = [([ids[symbols[value]] for value in piece.encode()], count) for piece, count in pieces.items()]
    merges = []
    never = set()
    while len(tokens) < size:
        counts = Counter()
        for word, count in words:
            for pair in zip(word, word[1:]):
                counts[pair] += count
        counts = {pair: count for pair, count in counts.items() if count >= min_count and pair not in never}
        if not counts:
            break
        left, right = min(counts, key=lambda pair: (-counts[pair], pair))
        token = tokens[left] + tokens[right]
        if token in SPECIAL:
            never.add((left, right))
            continue
        if token not in ids:
            ids[token] = len(tokens)
            tokens.append(token)
        merges.append([left, right])
        for word, _ in words:
            at = 0
            while at + 1 < len(word):
                if word[at] == left and word[at + 1] == right:
                    word[at:at + 2] = [ids[token]]
                at += 1
    return {"size": size, "minCount": min_count, "tokens": tokens, "merges": merges, "pieces": sum(pieces.values()), "distinctPieces": len(pieces)}


def main():
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in TEXTS]
    (HERE / "corpus.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    runs = [train(TEXTS, 450, 2), train(TEXTS, 1000, 4), train(TEXTS, 2000, 1)]
    (HERE / "expected.json").write_text("[\n" + ",\n".join(json.dumps(run, ensure_ascii=False) for run in runs) + "\n]\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
