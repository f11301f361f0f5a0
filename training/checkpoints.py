"""Model folders (config.json, model.safetensors) and checkpoints of a run."""

import json
import os
import struct
from typing import Dict

import numpy
import torch

from model import LanguageModel, ModelConfig

_TYPES = {torch.float32: "F32", torch.bfloat16: "BF16"}


def save_safetensors(tensors: Dict[str, torch.Tensor], path: str) -> None:
    header, offset, parts = {"__metadata__": {"format": "pt"}}, 0, []
    for name in sorted(tensors):
        tensor = tensors[name].detach().contiguous()
        data = (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()
        header[name] = {"dtype": _TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for part in parts:
            file.write(part)
    os.replace(path + ".part", path)


def load_safetensors(path: str) -> Dict[str, torch.Tensor]:
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        raw = numpy.frombuffer(data[begin:end], dtype=numpy.int16 if entry["dtype"] == "BF16" else numpy.float32)
        tensor = torch.from_numpy(raw.copy())
        tensors[name] = (tensor.view(torch.bfloat16) if entry["dtype"] == "BF16" else tensor).view(entry["shape"])
    return tensors


def save_model(model: LanguageModel, folder: str, dtype=torch.bfloat16) -> None:
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(model.config.to_json(), file, indent=2)
        file.write("\n")
    save_safetensors({name: tensor.to(dtype) for name, tensor in model.state_dict().items()}, os.path.join(folder, "model.safetensors"))


def load_model(folder: str) -> LanguageModel:
    model = LanguageModel(ModelConfig.load(folder))
    tensors = load_safetensors(os.path.join(folder, "model.safetensors"))
    tensors.pop("lm_head.weight", None)
    model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    return model


def save_checkpoint(path: str, model, optimizers, step: int, tokens: int) -> None:
    state = {"model": model.state_dict(), "optimizers": [optimizer.state_dict() for optimizer in optimizers], "step": step, "tokens": tokens}
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)


def load_checkpoint(path: str, model, optimizers):
    state = torch.load(path, map_location="cpu")
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"]):
        optimizer.load_state_dict(saved)
    return state["step"], state["tokens"]
