"""Writes a folder of the Llama layout, or of Qwen2's, with random weights: the work of a larger model, without its texts.

    python3 benchmarks/LongWriter.Throughput/random_llama.py FOLDER                      110 million parameters
    python3 benchmarks/LongWriter.Throughput/random_llama.py FOLDER --hidden 896 --layers 24 --kv-heads 2 --ffn 4864 --vocab 32000 --positions 8192
                                                                                         the shape of Qwen2.5 0.5B but for its vocabulary and biases; with --qwen2 these, too

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


def shapes(hidden: int, layers: int, vocab: int, kv: int, ffn: int, qwen2: bool) -> dict[str, tuple[int, ...]]:
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
        if qwen2:
            found |= {prefix + f"self_attn.{name}_proj.bias": (size,) for name, size in (("q", hidden), ("k", kv), ("v", kv))}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--hidden", type=int, default=768, help="a multiple of 64")
    parser.add_argument("--kv-heads", type=int, help="heads of keys and values; a third of the others when left out")
    parser.add_argument("--ffn", type=int, help="width of the feed-forward part; four times --hidden when left out")
    parser.add_argument("--positions", type=int, default=4096)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--vocab", type=int, default=8192)
    parser.add_argument("--qwen2", action="store_true", help="biases of query, key and value, as Qwen2 has them")
    options = parser.parse_args()
    kv_heads = options.kv_heads or options.hidden // 3 // HEAD_DIM
    ffn = options.ffn or 4 * options.hidden
    tensors = shapes(options.hidden, options.layers, options.vocab, kv_heads * HEAD_DIM, ffn, options.qwen2)
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
            is_norm = name.endswith("norm.weight")
            file.write(b"\x80\x3f" * shape[0] if is_norm else weights(source, shape[0] * (shape[1] if len(shape) > 1 else 1)))

    config = {
        "architectures": ["Qwen2ForCausalLM" if options.qwen2 else "LlamaForCausalLM"],
        "model_type": "qwen2" if options.qwen2 else "llama",
        "hidden_act": "silu",
        "hidden_size": options.hidden,
        "intermediate_size": ffn,
        "num_hidden_layers": options.layers,
        "num_attention_heads": options.hidden // HEAD_DIM,
        "num_key_value_heads": kv_heads,
        "head_dim": HEAD_DIM,
        "vocab_size": options.vocab,
        "max_position_embeddings": options.positions,
        "rope_theta": 10000.0,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": True,
        "eos_token_id": 2,
        "torch_dtype": "bfloat16",
    }
    (options.folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
