"""Writes frequencies.json with PyTorch in double precision, by the formulas of transformers' modeling_rope_utils (in its own variables: wave lengths
for llama3, correction dimensions for yarn), which are not the ones of RopeFrequencies.cs."""
import json
import math
import torch

CASES = [
    {"head_dim": 128, "rope_theta": 500000.0, "rope_scaling": None},
    {"head_dim": 32, "rope_theta": 10000.0, "rope_scaling": {"type": "linear", "factor": 4.0}},
    {"head_dim": 128, "rope_theta": 500000.0, "max_position_embeddings": 131072, "rope_scaling": {
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}},
    {"head_dim": 64, "rope_theta": 500000.0, "max_position_embeddings": 131072, "rope_scaling": {
        "rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}},
    {"head_dim": 128, "rope_theta": 1000000.0, "max_position_embeddings": 131072, "rope_scaling": {
        "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}},
    {"head_dim": 64, "rope_theta": 10000.0, "max_position_embeddings": 163840, "rope_scaling": {
        "type": "yarn", "factor": 40.0, "beta_fast": 32, "beta_slow": 1, "mscale": 1.0, "mscale_all_dim": 0.5, "original_max_position_embeddings": 4096}},
]


def plain(case):
    exponents = torch.arange(0, case["head_dim"], 2, dtype=torch.float64) / case["head_dim"]
    return 1.0 / case["rope_theta"] ** exponents


def llama3(case, scaling):
    frequencies = plain(case)
    wave_lengths = 2 * math.pi / frequencies
    original = scaling["original_max_position_embeddings"]
    low_wave = original / scaling["low_freq_factor"]
    high_wave = original / scaling["high_freq_factor"]
    smooth = (original / wave_lengths - scaling["low_freq_factor"]) / (scaling["high_freq_factor"] - scaling["low_freq_factor"])
    medium = (1 - smooth) * frequencies / scaling["factor"] + smooth * frequencies
    result = torch.where(wave_lengths > low_wave, frequencies / scaling["factor"], frequencies)
    return torch.where((wave_lengths <= low_wave) & (wave_lengths >= high_wave), medium, result), 1.0


def yarn(case, scaling):
    dim, base, factor = case["head_dim"], case["rope_theta"], scaling["factor"]
    original = scaling["original_max_position_embeddings"]

    def correction(rotations):
        return dim * math.log(original / (rotations * 2 * math.pi)) / (2 * math.log(base))

    def mscale(weight):
        return 1.0 if factor <= 1 else 0.1 * weight * math.log(factor) + 1.0

    low = max(math.floor(correction(scaling.get("beta_fast", 32))), 0)
    high = min(math.ceil(correction(scaling.get("beta_slow", 1))), dim - 1)
    ramp = torch.clamp((torch.arange(dim // 2, dtype=torch.float64) - low) / (high - low if high != low else 0.001), 0, 1)
    extrapolated = plain(case)
    frequencies = extrapolated / factor * ramp + extrapolated * (1 - ramp)
    if "mscale" in scaling:
        return frequencies, mscale(scaling["mscale"]) / mscale(scaling["mscale_all_dim"])
    return frequencies, mscale(1.0)


def compute(case):
    scaling = case["rope_scaling"]
    kind = "default" if scaling is None else scaling.get("rope_type", scaling.get("type"))
    if kind == "default":
        return plain(case), 1.0
    if kind == "linear":
        return plain(case) / scaling["factor"], 1.0
    return llama3(case, scaling) if kind == "llama3" else yarn(case, scaling)


golden = []
for case in CASES:
    frequencies, attention = compute(case)
    golden.append({"config": case, "frequencies": frequencies.tolist(), "attention_factor": attention})
with open("frequencies.json", "w", encoding="utf-8", newline="\n") as file:
    json.dump(golden, file, indent=1)
    file.write("\n")
