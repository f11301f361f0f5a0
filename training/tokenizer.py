"""Byte-level BPE: training a vocabulary, writing it as tokenizer.json, encoding text with it.

`longwriter data train-tokenizer` is the same algorithm in C#; tests compare the two. Merge the most frequent pair of neighbours, ties to the
smaller left id, then the smaller right id; neighbours are
counted with overlaps, merged from left to right, within a piece only. A pair that would spell a special token is never merged.
"""

import argparse
import heapq
import json
from collections import Counter, defaultdict
from typing import Dict, Iterable, List, Sequence, Tuple

import regex

PATTERN = r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>")
END_OF_TEXT, IM_START, IM_END, PAD = range(4)


def byte_characters() -> List[str]:
    """The visible character that stands for each byte in byte-level vocabularies (the GPT-2 alphabet)."""
    visible = set(range(0x21, 0x7F)) | set(range(0xA1, 0xAD)) | set(range(0xAE, 0x100))
    stand_ins = iter(range(0x100, 0x200))
    return [chr(byte) if byte in visible else chr(next(stand_ins)) for byte in range(256)]


def train(texts: Iterable[str], vocab_size: int, special: Sequence[str] = SPECIAL, pattern: str = PATTERN, min_count: int = 2):
    """The vocabulary (token to id) and the merges (pairs of tokens) of a set of texts."""
    compiled = regex.compile(pattern)
    pieces: Counter = Counter()
    for text in texts:
        pieces.update(compiled.findall(text))

    characters = byte_characters()
    tokens: List[str] = list(special) + sorted(characters)
    ids = {token: number for number, token in enumerate(tokens)}
    byte_ids = [ids[character] for character in characters]
    words = [[byte_ids[byte] for byte in piece.encode("utf-8")] for piece in pieces]
    counts = list(pieces.values())

    pair_counts: Dict[Tuple[int, int], int] = defaultdict(int)
    where = defaultdict(set)
    for index, (word, count) in enumerate(zip(words, counts)):
        for pair in zip(word, word[1:]):
            pair_counts[pair] += count
            where[pair].add(index)

    heap = [(-count, pair) for pair, count in pair_counts.items()]
    heapq.heapify(heap)
    merges: List[Tuple[str, str]] = []
    while len(tokens) < vocab_size and heap:
        negative, pair = heapq.heappop(heap)
        if -negative != pair_counts[pair]:
            continue  # an outdated entry; the true one is in the heap as well
        if -negative < min_count:
            break

        if tokens[pair[0]] + tokens[pair[1]] in special:
            continue  # text that spells a special token stays text
        merges.append((tokens[pair[0]], tokens[pair[1]]))
        merged = len(tokens)
        tokens.append(tokens[pair[0]] + tokens[pair[1]])
        changed = set()
        for index in where.pop(pair):
            word, count = words[index], counts[index]
            for old in zip(word, word[1:]):
                pair_counts[old] -= count
                changed.add(old)
            words[index] = word = merge(word, pair, merged)
            for new in zip(word, word[1:]):
                pair_counts[new] += count
                where[new].add(index)
                changed.add(new)
        for other in changed:
            if pair_counts[other] > 0:
                heapq.heappush(heap, (-pair_counts[other], other))

    return {token: number for number, token in enumerate(tokens)}, merges


def merge(word: List[int], pair: Tuple[int, int], merged: int) -> List[int]:
    result, at = [], 0
    while at < len(word):
        if at + 1 < len(word) and word[at] == pair[0] and word[at + 1] == pair[1]:
            result.append(merged)
            at += 2
        else:
            result.append(word[at])
            at += 1
    return result


def to_json(vocab, merges, special: Sequence[str] = SPECIAL, pattern: str = PATTERN) -> dict:
    """The tokenizer in Hugging Face's tokenizer.json format."""
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": vocab[token], "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            for token in special
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
            ],
        },
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": vocab,
            "merges": [f"{left} {right}" for left, right in merges],
        },
    }


class Tokenizer:
    """Encodes and decodes plain text; special tokens in the text are text."""

    def __init__(self, path: str):
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        model = data["model"]
        self.vocab: Dict[str, int] = model["vocab"]
        self.size = len(self.vocab)
        pairs = [tuple(rule.split(" ")) if isinstance(rule, str) else tuple(rule) for rule in model["merges"]]
        self._ranks = {
            (self.vocab[left], self.vocab[right]): (rank, self.vocab[left + right]) for rank, (left, right) in enumerate(pairs)
        }
        characters = byte_characters()
        self._byte_ids = [self.vocab[character] for character in characters]
        self.line_feed = self._byte_ids[ord("\n")]  # no merge takes it in: it is a piece by itself
        self._bytes = {character: byte for byte, character in enumerate(characters)}
        self._tokens = {number: token for token, number in self.vocab.items()}
        self._pattern = regex.compile(data["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"])
        self._known: Dict[str, List[int]] = {}

    def encode(self, text: str) -> List[int]:
        ids: List[int] = []
        for piece in self._pattern.findall(text):
            known = self._known.get(piece)
            if known is None:
                known = self._known[piece] = self._encode_piece(piece)
            ids.extend(known)
        return ids

    def size_in_bytes(self, ids: Iterable[int]) -> int:
        return sum(len(self._tokens[number]) for number in ids)  # one character stands for one byte

    def decode(self, ids: Iterable[int]) -> str:
        data = bytearray()
        for number in ids:
            token = self._tokens[number]
            data += token.encode("utf-8") if number < len(SPECIAL) else bytes(self._bytes[character] for character in token)
        return data.decode("utf-8", errors="replace")

    def _encode_piece(self, piece: str) -> List[int]:
        word = [self._byte_ids[byte] for byte in piece.encode("utf-8")]
        while len(word) > 1:
            best = min(zip(word, word[1:]), key=lambda pair: self._ranks.get(pair, (len(self._ranks), 0))[0])
            if best not in self._ranks:
                break
            word = merge(word, best, self._ranks[best][1])
        return word


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains a byte-level BPE vocabulary on the training chapters.")
    parser.add_argument("--texts", required=True, help="JSON lines with a field 'text'")
    parser.add_argument("--vocab-size", type=int, default=4096)
    parser.add_argument("--out", required=True, help="tokenizer.json to write")
    options = parser.parse_args()
    with open(options.texts, encoding="utf-8") as lines:
        vocab, merges = train((json.loads(line)["text"] for line in lines), options.vocab_size)
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(to_json(vocab, merges), file, ensure_ascii=False)
    print(f"{len(vocab)} tokens, {len(merges)} merges -> {options.out}")


if __name__ == "__main__":
    main()
