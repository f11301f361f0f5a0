"""Trains a model: pre-training on a token stream, or fine-tuning on rows of conversations. Resumes from its own checkpoint.

One process:   python3 train.py --stream data/train.bin --tokenizer data/tokenizer.json --out runs/pretrain --steps 3000
Many:          torchrun --nproc_per_node 4 train.py ...        (each takes its share of every batch; the same losses as one process)
"""

import argparse
import json
import math
import os
import time

import numpy
import torch
import torch.distributed as distributed
from torch.nn import functional

from batches import Batch, Rows, Windows
from checkpoints import load_checkpoint, load_model, save_checkpoint, save_model
from model import LanguageModel, ModelConfig
from optimizer import build_optimizers
from tokenizer import PAD, Tokenizer


def main() -> None:
    options = parse()
    rank, world = join()
    torch.manual_seed(options.seed)
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if torch.cuda.is_available() else torch.device("cpu")
    model = (load_model(options.init) if options.init else LanguageModel(shape(options))).to(device)
    optimizers = build_optimizers(model, options.lr)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["peak_lr"] = group["lr"]

    batches = open_batches(options)
    held_out = Windows(numpy.fromfile(options.held_out, dtype=numpy.uint16), 512, 1, 0) if options.held_out else None
    os.makedirs(options.out, exist_ok=True)
    checkpoint = os.path.join(options.out, "checkpoint.pt")
    step, tokens = load_checkpoint(checkpoint, model, optimizers) if os.path.exists(checkpoint) else (0, 0)
    log = Log(os.path.join(options.out, "log.jsonl"), step) if rank == 0 else None

    started = time.time()
    while step < options.steps:
        batch = share(batches[step], rank, world)
        factor = schedule(step, options.steps, options.warmup, options.decay)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak_lr"] * factor
        loss = train_step(model, optimizers, batch, device, options)
        step += 1
        tokens += total(batch.ids.numel(), world)
        if log:
            record = {"step": step, "tokens": tokens, "loss": loss, "lr": options.lr * factor, "seconds": round(time.time() - started, 1)}
            if held_out and (step % options.evaluate_every == 0 or step == options.steps):
                record["held_out_loss"] = evaluate(model, held_out, device, options.evaluate_windows)
            log.write(record)
            if step % options.save_every == 0 or step == options.steps:
                save_checkpoint(checkpoint, model, optimizers, step, tokens)
        if step == options.stop_after:
            break
    if rank == 0:
        save_model(model, options.out)


def train_step(model, optimizers, batch: Batch, device, options) -> float:
    """One update. Returns the loss over the batches of all processes."""
    loss_sum = 0.0
    rows = max(1, options.micro_tokens // batch.ids.shape[1])
    for first in range(0, batch.ids.shape[0], rows):
        ids, targets, weights = (part[first:first + rows].to(device) for part in batch)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=options.bf16):
            learned = targets >= 0
            logits = model(ids, learned)
        losses = functional.cross_entropy(logits.float(), targets[learned], reduction="none")
        loss = (losses * weights[learned]).sum()
        loss.backward()
        loss_sum += loss.item()
    if distributed.is_initialized():
        for parameter in model.parameters():
            if parameter.grad is None:  # a process whose share is empty
                parameter.grad = torch.zeros_like(parameter)
            distributed.all_reduce(parameter.grad)
        loss_sum = total(loss_sum, distributed.get_world_size())
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in optimizers:
        optimizer.step()
        optimizer.zero_grad()
    return loss_sum


def share(batch: Batch, rank: int, world: int) -> Batch:
    """The rows of one process; the weights keep summing to 1 over all of them."""
    return Batch(*(part[rank::world] for part in batch))


@torch.no_grad()
def evaluate(model, windows: Windows, device, count: int) -> float:
    """Mean loss in nats per token over the first windows of the held-out stream."""
    losses = []
    for number in range(min(count, windows.per_epoch)):
        batch = windows[number]
        with torch.autocast(device.type, dtype=torch.bfloat16):
            logits = model(batch.ids.to(device))
        losses.append(functional.cross_entropy(logits.float().flatten(0, 1), batch.targets.to(device).flatten()).item())
    return sum(losses) / len(losses)


def schedule(step: int, steps: int, warmup: int, decay: float) -> float:
    """Up, level, then down to nothing over the last share of the steps."""
    remaining = (steps - step) / max(1.0, steps * decay)
    return min(1.0, (step + 1) / max(1, warmup), remaining)


def open_batches(options):
    if options.stream:
        return Windows(numpy.fromfile(options.stream, dtype=numpy.uint16), options.length, options.batch_tokens // options.length, options.seed)
    with numpy.load(options.rows) as rows:
        ids, weights, ends = rows["ids"], rows["weights"], rows["ends"]
    items = list(zip(numpy.split(ids, ends[:-1]), numpy.split(weights, ends[:-1])))
    return Rows(items, options.batch_tokens, PAD, options.seed)


def shape(options) -> ModelConfig:
    size = Tokenizer(options.tokenizer).size
    return ModelConfig(**{"vocab_size": size, **json.loads(options.model)})


def join():
    if "RANK" not in os.environ:
        return 0, 1
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return distributed.get_rank(), distributed.get_world_size()


def total(value, world: int):
    if world == 1:
        return value
    tensor = torch.tensor(float(value), dtype=torch.float64)
    distributed.all_reduce(tensor)
    return type(value)(tensor.item())


class Log:
    """One JSON object a step; what an interrupted run wrote after its last checkpoint is dropped when it resumes."""

    def __init__(self, path: str, step: int):
        kept = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                kept = [line for line in file if line.endswith("\n") and json.loads(line)["step"] <= step]
        self._file = open(path, "w", encoding="utf-8")
        self._file.writelines(kept)

    def write(self, record: dict) -> None:
        if not math.isfinite(record["loss"]):
            raise FloatingPointError(f"step {record['step']}: the loss is {record['loss']}; lower --lr")
        self._file.write(json.dumps(record) + "\n")
        self._file.flush()


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--stream", help="tokens of uint16 (prepare.py)")
    source.add_argument("--rows", help="rows of conversations, .npz (conversations.py)")
    parser.add_argument("--tokenizer", help="tokenizer.json; names the vocabulary of a new model")
    parser.add_argument("--model", default="{}", help="fields of ModelConfig of a new model, as JSON")
    parser.add_argument("--init", help="model folder to start from")
    parser.add_argument("--held-out", help="tokens of uint16 to evaluate on")
    parser.add_argument("--out", required=True, help="folder of the run: checkpoint, log.jsonl, at the end the model")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--length", type=int, default=256, help="tokens of a window")
    parser.add_argument("--batch-tokens", type=int, default=8192, help="tokens of a step, over all processes")
    parser.add_argument("--micro-tokens", type=int, default=8192, help="tokens of one forward pass; smaller ones need less memory")
    parser.add_argument("--lr", type=float, default=4e-3)
    parser.add_argument("--warmup", type=int, default=100, help="steps")
    parser.add_argument("--decay", type=float, default=0.6, help="share of the steps over which the rate falls to 0")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-bf16", dest="bf16", action="store_false", help="float32 throughout")
    parser.add_argument("--save-every", type=int, default=100)
    parser.add_argument("--stop-after", type=int, help="end after this step as if interrupted, but write the model; the schedule stays that of --steps")
    parser.add_argument("--evaluate-every", type=int, default=200)
    parser.add_argument("--evaluate-windows", type=int, default=64)
    options = parser.parse_args()
    if options.stream and not (options.init or options.tokenizer):
        parser.error("a new model needs --tokenizer")
    return options


if __name__ == "__main__":
    main()
