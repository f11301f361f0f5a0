"""Writes logits.json: logits of the trained seed model for a fixed prompt of 64 tokens, computed by PyTorch in double precision.
Usage: python3 make.py <model folder>"""
import hashlib
import json
import math
import struct
import sys
import torch

torch.set_default_dtype(torch.float64)
folder = sys.argv[1]
config = json.load(open(f"{folder}/config.json"))
raw = open(f"{folder}/model.safetensors", "rb").read()
header_length = struct.unpack("<Q", raw[:8])[0]
header = json.loads(raw[8:8 + header_length])


def weight(name):
    entry = header[name]
    assert entry["dtype"] == "BF16"
    begin, end = entry["data_offsets"]
    data = bytearray(raw[8 + header_length + begin:8 + header_length + end])
    return torch.frombuffer(data, dtype=torch.bfloat16).reshape(entry["shape"]).to(torch.float64)


def norm(x, name):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + config["rms_norm_eps"]) * weight(name)


def rotate_half(x):
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


def heads(x, count):
    return x.view(x.shape[0], count, config["head_dim"]).transpose(0, 1)


tokens = [(i * 7919 + 13) % config["vocab_size"] for i in range(64)]
dim = config["head_dim"]
angles = torch.outer(torch.arange(len(tokens), dtype=torch.float64), 1.0 / config["rope_theta"] ** (torch.arange(0, dim, 2, dtype=torch.float64) / dim))
cos, sin = torch.cat((angles, angles), -1).cos(), torch.cat((angles, angles), -1).sin()
mask = torch.full((len(tokens), len(tokens)), -math.inf).triu(1)
hidden = weight("model.embed_tokens.weight")[torch.tensor(tokens)]
for layer in range(config["num_hidden_layers"]):
    prefix = f"model.layers.{layer}"
    x = norm(hidden, f"{prefix}.input_layernorm.weight")
    q = heads(x @ weight(f"{prefix}.self_attn.q_proj.weight").T, config["num_attention_heads"])
    k = heads(x @ weight(f"{prefix}.self_attn.k_proj.weight").T, config["num_key_value_heads"])
    v = heads(x @ weight(f"{prefix}.self_attn.v_proj.weight").T, config["num_key_value_heads"])
    q, k = q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin
    groups = config["num_attention_heads"] // config["num_key_value_heads"]
    k, v = k.repeat_interleave(groups, 0), v.repeat_interleave(groups, 0)
    attended = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(dim) + mask, -1) @ v
    hidden = hidden + attended.transpose(0, 1).reshape(len(tokens), -1) @ weight(f"{prefix}.self_attn.o_proj.weight").T
    x = norm(hidden, f"{prefix}.post_attention_layernorm.weight")
    gate, up = x @ weight(f"{prefix}.mlp.gate_proj.weight").T, x @ weight(f"{prefix}.mlp.up_proj.weight").T
    hidden = hidden + (torch.nn.functional.silu(gate) * up) @ weight(f"{prefix}.mlp.down_proj.weight").T
logits = norm(hidden, "model.norm.weight") @ weight("model.embed_tokens.weight").T

golden = {
    "model_sha256": hashlib.sha256(raw).hexdigest(),
    "tokens": tokens,
    "vocabulary_step": 32,
    "rows": [{"position": p, "best": int(logits[p].argmax()), "logits": [round(v, 7) for v in logits[p][::32].tolist()]} for p in (0, 15, 31, 63)],
}
with open("logits.json", "w", encoding="utf-8", newline="\n") as file:
    json.dump(golden, file)
    file.write("\n")
