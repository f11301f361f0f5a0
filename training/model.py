"""A decoder of the Llama layout: RMSNorm, rotary positions, grouped-query attention, SwiGLU, tied embeddings.

Parameter names and `config.json` are Hugging Face's, so what is trained here loads wherever Llama models load.
"""

import json
import os
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional


@dataclass
class ModelConfig:
    hidden_size: int = 384
    intermediate_size: int = 1024
    num_hidden_layers: int = 5
    num_attention_heads: int = 6
    num_key_value_heads: int = 2
    head_dim: int = 64
    vocab_size: int = 4096
    max_position_embeddings: int = 4096
    rope_theta: float = 10000.0
    rms_norm_eps: float = 1e-5

    def to_json(self) -> dict:
        return {
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", **asdict(self), "rope_scaling": None,
            "attention_bias": False, "mlp_bias": False, "tie_word_embeddings": True, "bos_token_id": None, "eos_token_id": 2,
            "pad_token_id": 3, "torch_dtype": "bfloat16",
        }

    @staticmethod
    def load(folder: str) -> "ModelConfig":
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
            fields = json.load(file)
        return ModelConfig(**{name: fields[name] for name in asdict(ModelConfig())})


class Norm(nn.Module):
    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x):
        scale = torch.rsqrt(x.float().square().mean(-1, keepdim=True) + self.eps)
        return x * (scale * self.weight).to(x.dtype) if x.dtype == torch.float32 else (x * scale.to(x.dtype)) * self.weight.to(x.dtype)


def rotary(length: int, config: ModelConfig):
    """Cosines and sines, each (length, head_dim / 2)."""
    half = config.head_dim // 2
    frequencies = config.rope_theta ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.outer(torch.arange(length, dtype=torch.float64), frequencies)
    return angles.cos().float(), angles.sin().float()


def rotate(x, cosines, sines):
    """The two halves of each head are the two coordinates that turn (the layout of Hugging Face's Llama)."""
    first, second = x.chunk(2, -1)
    return torch.cat((first * cosines - second * sines, second * cosines + first * sines), -1)


class Attention(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.config = config
        queries, keys = config.num_attention_heads * config.head_dim, config.num_key_value_heads * config.head_dim
        self.q_proj = nn.Linear(config.hidden_size, queries, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, keys, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, keys, bias=False)
        self.o_proj = nn.Linear(queries, config.hidden_size, bias=False)

    def forward(self, x, cosines, sines, mask):
        rows, length, _ = x.shape
        config = self.config
        groups = config.num_attention_heads // config.num_key_value_heads
        q = self.q_proj(x).view(rows, length, config.num_attention_heads, config.head_dim).transpose(1, 2)
        k = self.k_proj(x).view(rows, length, config.num_key_value_heads, config.head_dim).transpose(1, 2)
        v = self.v_proj(x).view(rows, length, config.num_key_value_heads, config.head_dim).transpose(1, 2)
        q, k = rotate(q, cosines.to(q.dtype), sines.to(q.dtype)), rotate(k, cosines.to(k.dtype), sines.to(k.dtype))
        # The queries that share a key head stand below each other: no key is copied.
        q = q.reshape(rows * config.num_key_value_heads, groups * length, config.head_dim) * config.head_dim ** -0.5
        k = k.reshape(rows * config.num_key_value_heads, length, config.head_dim)
        v = v.reshape(rows * config.num_key_value_heads, length, config.head_dim)
        scores = torch.baddbmm(mask.to(q.dtype).repeat(1, groups, 1), q, k.transpose(1, 2))
        mixed = torch.bmm(torch.softmax(scores, -1), v)
        mixed = mixed.view(rows, config.num_attention_heads, length, config.head_dim).transpose(1, 2)
        return self.o_proj(mixed.reshape(rows, length, -1))


class FeedForward(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x):
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.input_layernorm = Norm(config.hidden_size, config.rms_norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = Norm(config.hidden_size, config.rms_norm_eps)
        self.mlp = FeedForward(config)

    def forward(self, x, cosines, sines, mask):
        x = x + self.self_attn(self.input_layernorm(x), cosines, sines, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = Norm(config.hidden_size, config.rms_norm_eps)


class LanguageModel(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.config = config
        self.model = Decoder(config)
        self._tables = None  # for the longest input so far; shorter ones take a part
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.02)
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                nn.init.zeros_(parameter)  # each layer begins as the identity

    def forward(self, ids, rows_of_interest=None):
        """Logits, (rows, length, vocabulary); or (n, vocabulary) of the positions that a boolean mask of (rows, length) names."""
        length = ids.shape[1]
        if self._tables is None or self._tables[2].shape[1] < length:
            self._tables = (*rotary(length, self.config), torch.full((1, length, length), -1e9).triu(1))
        cosines, sines = (table[:length].to(ids.device) for table in self._tables[:2])
        mask = self._tables[2][:, :length, :length].to(ids.device)
        x = self.model.embed_tokens(ids)
        if torch.is_autocast_cpu_enabled() or torch.is_autocast_enabled():
            x = x.bfloat16()
        for layer in self.model.layers:
            x = layer(x, cosines, sines, mask)
        x = self.model.norm(x)
        if rows_of_interest is not None:
            x = x[rows_of_interest]
        return functional.linear(x, self.model.embed_tokens.weight)
