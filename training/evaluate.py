"""Bits per byte of model folders on held-out chapters: each chapter from its beginning, in windows, by each model's own tokenizer.

    python3 evaluate.py --texts data/held_out.jsonl --model runs/sft ../shared/data/seed-model
"""

import argparse
import json
import math
import os

import torch
from torch.nn import functional

from checkpoints import load_model
from tokenizer import Tokenizer


@torch.no_grad()
def bits_per_byte(folder: str, texts, length: int, max_windows: int):
    """Bits per byte and nats per token. The first token of a window is context only; the bytes counted are those of the tokens predicted."""
    model, tokenizer = load_model(folder).eval(), Tokenizer(os.path.join(folder, "tokenizer.json"))
    nats, tokens, size = 0.0, 0, 0
    for text in texts:
        ids = tokenizer.encode(text)
        for window, start in enumerate(range(0, len(ids) - 1, length)):
            if window == max_windows:
                break
            piece = ids[start:start + length + 1]
            logits = model(torch.tensor([piece[:-1]]))[0]
            nats += functional.cross_entropy(logits.float(), torch.tensor(piece[1:]), reduction="sum").item()
            tokens += len(piece) - 1
            size += tokenizer.size_in_bytes(piece[1:])
    return nats / math.log(2) / size, nats / tokens, tokens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", required=True)
    parser.add_argument("--model", nargs="+", required=True, help="folders with config.json, model.safetensors, tokenizer.json")
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--windows", type=int, default=4, help="windows of each chapter, from its beginning")
    options = parser.parse_args()
    with open(options.texts, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    for folder in options.model:
        bits, nats, tokens = bits_per_byte(folder, texts, options.length, options.windows)
        print(f"{folder}: {bits:.4f} bits per byte, {nats:.4f} nats per token, {tokens} tokens of {len(texts)} chapters")


if __name__ == "__main__":
    main()
