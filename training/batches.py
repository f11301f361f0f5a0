"""What a step trains on: windows of a token stream, or rows of conversations. Both are a pure function of seed and step."""

from typing import List, NamedTuple

import numpy
import torch


class Batch(NamedTuple):
    ids: torch.Tensor  # (rows, length), int64
    targets: torch.Tensor  # (rows, length), int64; -100 where nothing is learned
    weights: torch.Tensor  # (rows, length), float32; they sum to 1 over the batch of all processes


class Windows:
    """Windows of a stream of tokens: every window once per epoch, in an order drawn from the seed, shifted anew in each epoch."""

    def __init__(self, stream: numpy.ndarray, length: int, rows: int, seed: int):
        if len(stream) < 2 * length + 1:
            raise ValueError(f"expected at least {2 * length + 1} tokens for windows of {length}, found {len(stream)}")
        self.stream, self.length, self.rows, self.seed = stream, length, rows, seed
        self.per_epoch = (len(stream) - 1 - length) // length
        self._epoch = None

    def __getitem__(self, step: int) -> Batch:
        rows = [self._row(step * self.rows + row) for row in range(self.rows)]
        tokens = torch.from_numpy(numpy.stack(rows).astype(numpy.int64))
        targets = tokens[:, 1:].contiguous()
        return Batch(tokens[:, :-1].contiguous(), targets, torch.full(targets.shape, 1.0 / targets.numel()))

    def _row(self, number: int) -> numpy.ndarray:
        epoch, index = divmod(number, self.per_epoch)
        if self._epoch != epoch:
            generator = numpy.random.default_rng((self.seed, epoch))
            self._epoch, self._shift, self._order = epoch, int(generator.integers(self.length)), generator.permutation(self.per_epoch)
        start = self._shift + int(self._order[index]) * self.length
        return self.stream[start:start + self.length + 1]


class Rows:
    """Rows of (ids, weights; 0 is not learned), of about the same length together, so that little is padding; a conversation always begins at position 0."""

    def __init__(self, rows: List[tuple], tokens_per_batch: int, pad: int, seed: int):
        if not rows:
            raise ValueError("expected at least one row, found none")
        self.rows, self.tokens_per_batch, self.pad, self.seed = rows, tokens_per_batch, pad, seed
        self._epoch = -1
        self._batches: List[List[int]] = []
        self._first = 0

    def __getitem__(self, step: int) -> Batch:
        while step >= self._first + len(self._batches) or self._epoch < 0:
            self._first += len(self._batches)
            self._epoch += 1
            self._batches = self._draw(self._epoch)
        if step < self._first:  # a resumed run may go back
            self._epoch, self._first, self._batches = -1, 0, []
            return self[step]
        return self._assemble(self._batches[step - self._first])

    def _draw(self, epoch: int) -> List[List[int]]:
        generator = numpy.random.default_rng((self.seed, epoch))
        lengths = numpy.array([len(ids) for ids, _ in self.rows])
        order = numpy.argsort(lengths + generator.uniform(0, 32, len(lengths)), kind="stable")
        batches, batch = [], []
        for index in order:  # ascending, so the row at hand is the longest
            if batch and (len(batch) + 1) * lengths[index] > self.tokens_per_batch:
                batches.append(batch)
                batch = []
            batch.append(int(index))
        batches.append(batch)
        return [batches[index] for index in generator.permutation(len(batches))]

    def _assemble(self, indices: List[int]) -> Batch:
        length = max(len(self.rows[index][0]) for index in indices) - 1
        ids = numpy.full((len(indices), length), self.pad, dtype=numpy.int64)
        targets = numpy.full((len(indices), length), -100, dtype=numpy.int64)
        weights = numpy.zeros((len(indices), length), dtype=numpy.float32)
        for row, index in enumerate(indices):
            tokens, weight = (numpy.asarray(part).astype(numpy.int64) for part in self.rows[index])
            ids[row, :len(tokens) - 1] = tokens[:-1]
            targets[row, :len(tokens) - 1] = numpy.where(weight[1:] > 0, tokens[1:], -100)
            weights[row, :len(tokens) - 1] = weight[1:]
        weights = torch.from_numpy(weights)
        return Batch(torch.from_numpy(ids), torch.from_numpy(targets), weights / weights.sum().clamp(min=1))
