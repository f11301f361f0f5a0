"""Writes a Llama-shaped folder with random weights: the work of a larger model, without its texts.

    python3 benchmarks/LongWriter.Throughput/random_llama.py FOLDER --hidden 768 --layers 12

Needs nothing but Python. Weights are bfloat16 of a magnitude in [0.008, 0.031], seeded; there is no tokenizer.
"""

import argparse
import json
import pathlib
import random
import struct

HEAD_DIM = 64
SIGN_AND_EXPONENT = bytes(0x3C if byte < 128 else 0xBC for byte in range(256))


def weights(source: random.Random, count: int) -> bytes:
    values = bytearray(2 * count)
    values[0::2] = source.randbytes(count)
    values[1::2] = source.randbytes(count).translate(SIGN_AND_EXPONENT)
    return bytes(values)


def shapes(hidden: int, layers: int, vocab: int) -> dict[str, tuple[int, ...]]:
    kv = hidden // 3
    ffn = 4 * hidden
    found = {"model.embed_tokens.weight": (vocab, hidden), "model.norm.weight": (hidden,)}
    for layer in range(layers):
        prefix = f"model.layers.{layer}."
        found |= {
            prefix + "input_layernorm.weight": (hidden,),
            prefix + "self_attn.q_proj.weight": (hidden, hidden),
            prefix + "self_attn.k_proj.weight": (kv, hidden),
            prefix + "self_attn.v_proj.weight": (kv, hidden),
            prefix + "self_attn.o_proj.weight": (hidden, hidden),
            prefix + "post_attention_layernorm.weight": (hidden,),
            prefix + "mlp.gate_proj.weight": (ffn, hidden),
            prefix + "mlp.up_proj.weight": (ffn, hidden),
            prefix + "mlp.down_proj.weight": (hidden, ffn),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--hidden", type=int, default=768, help="a multiple of 192: three query heads share one of keys and values")
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--vocab", type=int, default=8192)
    options = parser.parse_args()
    tensors = shapes(options.hidden, options.layers, options.vocab)
    header, end = {}, 0
    for name, shape in tensors.items():
        start, end = end, end + 2 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [start, end]}

    options.folder.mkdir(parents=True, exist_ok=True)
    source = random.Random(1)
    with open(options.folder / "model.safetensors", "wb") as file:
        text = json.dumps(header).encode()
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in tensors.items():
            file.write(b"\x80\x3f" * shape[0] if len(shape) == 1 else weights(source, shape[0] * shape[1]))

    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": options.hidden,
        "intermediate_size": 4 * options.hidden,
        "num_hidden_layers": options.layers,
        "num_attention_heads": options.hidden // HEAD_DIM,
        "num_key_value_heads": options.hidden // 3 // HEAD_DIM,
        "head_dim": HEAD_DIM,
        "vocab_size": options.vocab,
        "max_position_embeddings": 4096,
        "rope_theta": 10000.0,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": True,
        "eos_token_id": 2,
        "torch_dtype": "bfloat16",
    }
    (options.folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
