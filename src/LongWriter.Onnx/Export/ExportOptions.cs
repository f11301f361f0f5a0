#pragma warning disable CA1720 // Float32 and Int8 are the field's names of the precisions.

using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Export;

/// <summary>How the projections' weights are stored.</summary>
public enum WeightPrecision
{
    /// <summary>As float32: the largest and the reference.</summary>
    Float32,

    /// <summary>8 bits and a scale per block, in the activations' type, symmetric: the values of GGML's Q8_0 at block size 32.</summary>
    Int8,

    /// <summary>4 bits and a scale per block, in the activations' type, symmetric: the values of GGML's Q4_0 at block size 32.</summary>
    Int4,

    /// <summary>As float16, for <see cref="ActivationPrecision.Float16"/>.</summary>
    Float16,

    /// <summary>As bfloat16, for <see cref="ActivationPrecision.BFloat16"/>: as most models are published, so nothing is rounded.</summary>
    BFloat16,
}

/// <summary>What the graph computes with between attention and attention.</summary>
public enum ActivationPrecision
{
    /// <summary>In float32.</summary>
    Float32,

    /// <summary>
    /// In float16, scales and norms included; logits come out as float32. For GPUs, whose matrix units it feeds; the CPU converts back and forth. A model whose
    /// activations go beyond 65,504 overflows in it.
    /// </summary>
    Float16,

    /// <summary>
    /// In bfloat16, scales, norms and rotary tables included; logits come out as float32. It has the range of float32 and eight bits of precision. For GPUs that have it (CUDA); ONNX Runtime's CPU
    /// has no operators for it and refuses the graph.
    /// </summary>
    BFloat16,
}

/// <summary>How keys and values are kept.</summary>
public enum KvPrecision
{
    /// <summary>As float32.</summary>
    Float32,

    /// <summary>As int8 with one fixed scale per layer for keys and one for values: a quarter of the memory.</summary>
    Int8,

    /// <summary>As float16, and attention is computed in it: half the memory.</summary>
    Float16,

    /// <summary>As bfloat16, and attention is computed in it: half the memory. On GPUs that have it only.</summary>
    BFloat16,
}

/// <summary>Inputs and outputs of the graph.</summary>
public enum Signature
{
    /// <summary>Lengths as numbers, and logits of the wanted rows alone: the cheapest for a runner that knows them.</summary>
    LongWriter,

    /// <summary>An attention mask, and logits of all positions, as onnxruntime-genai's runtime feeds and reads them; genai_config.json is written beside.</summary>
    GenAi,
}

/// <summary>How the embedding table is stored.</summary>
public enum EmbeddingPrecision
{
    /// <summary>As float32.</summary>
    Float32,

    /// <summary>As float16: half the file; bfloat16 weights below 6e-5 lose digits.</summary>
    Float16,

    /// <summary>As bfloat16: half the file.</summary>
    BFloat16,
}

/// <summary>How a model is exported. The default is the reproducible profile with 8-bit weights.</summary>
public sealed record ExportOptions
{
    /// <summary>Block 32 and int8 keys and values: the arithmetic does not depend on the step's shape, so batched, chunked and resumed runs give the same bits.</summary>
    public static ExportOptions Reproducible { get; } = new();

    /// <summary>
    /// 4-bit weights in blocks of 128: fewer bytes per token. With <see cref="OwnOperators"/>, as on processors with AVX-512, as reproducible as <see cref="Reproducible"/>; else repeatable for the
    /// same batch shapes only.
    /// </summary>
    public static ExportOptions Fast { get; } = new() { Weights = WeightPrecision.Int4, BlockSize = 128 };

    /// <summary>
    /// For a GPU: 4-bit weights in blocks of 32, and everything else in float16, since CUDA has attention for float16 and bfloat16 only. The same values were compared with
    /// float32's on the CPU; on a GPU it was not run.
    /// </summary>
    public static ExportOptions Gpu { get; } = new()
    {
        Weights = WeightPrecision.Int4,
        Kv = KvPrecision.Float16,
        Activations = ActivationPrecision.Float16,
        Embedding = EmbeddingPrecision.Float16,
    };

    /// <summary>Projections' weights. The default is <see cref="WeightPrecision.Int8"/>.</summary>
    public WeightPrecision Weights { get; init; } = WeightPrecision.Int8;

    /// <summary>Weights that share a scale: 32, 64 or 128. The default is 32. Not used with float32 and float16 weights.</summary>
    public int BlockSize { get; init; } = 32;

    /// <summary>Keys and values. The default is <see cref="KvPrecision.Int8"/>.</summary>
    public KvPrecision Kv { get; init; } = KvPrecision.Int8;

    /// <summary>
    /// Whether a second graph over the same weights is written that reads prompts with float32 keys and values, which are then quantized: faster, the longer the prompt, but not the same bits as
    /// reading with int8 ones. Null, the default, is where keys and values are int8, weights are quantized in blocks of 64 or 128, and there are no <see cref="OwnOperators"/>, which read prompts as fast
    /// without it. True needs such keys, values and weights.
    /// </summary>
    public bool? FloatPrefill { get; init; }

    /// <summary>
    /// Whether projections and attention are operators of this library in place of ONNX Runtime's: faster, and a token's result does not depend on what is computed beside it, but other programs
    /// cannot load the graph. Null, the default, is where keys and values are int8, weights are quantized in blocks of 64 or 128, and the processor that exports has AVX-512. True needs
    /// int8 keys and values, quantized weights, float32 activations and <see cref="Signature.LongWriter"/>. Such a graph runs on the CPU, on any processor, but fast with AVX-512 only.
    /// </summary>
    public bool? OwnOperators { get; init; }

    /// <summary>
    /// What is computed between attention and attention. The default is <see cref="ActivationPrecision.Float32"/>. The others need keys
    /// and values of the same type, and weights that are quantized or of that type.
    /// </summary>
    public ActivationPrecision Activations { get; init; }

    /// <summary>The embedding table. The default is <see cref="EmbeddingPrecision.Float32"/>.</summary>
    public EmbeddingPrecision Embedding { get; init; } = EmbeddingPrecision.Float32;

    /// <summary>Positions the rotary table covers, from 1 up. Null, the default, is the model's own maximum; a model that
    /// states more than 1,048,576 is refused then.</summary>
    public int? MaxPositions { get; init; }

    /// <summary>Inputs and outputs. The default is <see cref="Signature.LongWriter"/>; <see cref="Signature.GenAi"/> takes no int8 keys and values.</summary>
    public Signature Signature { get; init; }

    /// <summary>Scales of int8 keys and values by layer. Null, the default, estimates them from the weights; calibrated ones can be written later.</summary>
    public KvScales? KvScales { get; init; }

    /// <summary>True replaces an existing folder. The default, false, refuses.</summary>
    public bool Overwrite { get; init; }

    /// <summary>True when the arithmetic does not depend on the step's shape: operators of ours are made so, and ONNX Runtime's were measured to be with blocks of 32 and int8 keys and values.</summary>
    public bool IsReproducible => (HasOwnOperators || IsReproducibleByBlocks) && !HasFloatPrefill;

    private bool IsReproducibleByBlocks => HasBlocks && BlockSize == 32 && Kv == KvPrecision.Int8;

    /// <summary>Whether weights are integers with a scale for each block.</summary>
    internal bool HasBlocks => Weights is WeightPrecision.Int8 or WeightPrecision.Int4;

    /// <summary>Whether q, k and v, and gate and up, are one product each. False only to measure what that is worth.</summary>
    internal bool PackProjections { get; init; } = true;

    /// <summary>Whether projections and attention are ours. Attention needs heads of a size that it takes, which the model says.</summary>
    internal bool HasOwnOperators => OwnOperators ?? (AllowsOwnOperators && !IsReproducibleByBlocks && Lanes.AreFast);

    /// <summary>Off, layers are several operators of ours, as those of models with biases in their feed-forward part are: to compare.</summary>
    internal bool MayFuseLayers { get; init; } = true;

    internal bool HasLayerOperators => MayFuseLayers && HasOwnOperators && PackProjections && !HasFloatPrefill;

    private bool AllowsOwnOperators => Kv == KvPrecision.Int8 && HasBlocks && Activations == ActivationPrecision.Float32 && Signature == Signature.LongWriter;

    internal bool HasFloatPrefill => FloatPrefill ?? (AllowsFloatPrefill && !HasOwnOperators);

    private bool AllowsFloatPrefill => Kv == KvPrecision.Int8 && HasBlocks && !IsReproducibleByBlocks;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">At least one is out of range; the message names them all.</exception>
    public void Validate()
    {
        List<string> errors = [];
        if (!Enum.IsDefined(Weights))
        {
            errors.Add($"Weights must be Float32, Int8, Int4, Float16 or BFloat16 but is {(int)Weights}.");
        }

        if (BlockSize is not (32 or 64 or 128))
        {
            errors.Add($"BlockSize must be 32, 64 or 128 but is {BlockSize}.");
        }

        if (!Enum.IsDefined(Kv))
        {
            errors.Add($"Kv must be Float32, Int8, Float16 or BFloat16 but is {(int)Kv}.");
        }

        if (!Enum.IsDefined(Signature))
        {
            errors.Add($"Signature must be LongWriter or GenAi but is {(int)Signature}.");
        }

        if (Signature == Signature.GenAi && Kv == KvPrecision.Int8)
        {
            errors.Add("Kv must be Float32, Float16 or BFloat16 when Signature is GenAi but is Int8.");
        }

        if (FloatPrefill == true && !AllowsFloatPrefill)
        {
            errors.Add("FloatPrefill must be false or null unless Kv is Int8, Weights are quantized and BlockSize is 64 or 128, but is true.");
        }

        if (OwnOperators == true && !AllowsOwnOperators)
        {
            errors.Add("OwnOperators must be false or null unless Kv is Int8, Weights are quantized, Activations are Float32 and Signature is LongWriter, but is true.");
        }

        if (!Enum.IsDefined(Activations))
        {
            errors.Add($"Activations must be Float32, Float16 or BFloat16 but is {(int)Activations}.");
        }
        else if (Activations != ActivationPrecision.Float32 && PrecisionTypes.Of(Kv) != PrecisionTypes.Of(Activations))
        {
            errors.Add($"Kv must be {Activations} when Activations is {Activations} but is {Kv}.");
        }

        if (Enum.IsDefined(Weights) && !HasBlocks && PrecisionTypes.NameOf(Weights) != PrecisionTypes.NameOf(PrecisionTypes.Of(Activations)))
        {
            errors.Add($"Weights must be Int8, Int4 or {Activations} when Activations is {Activations} but is {Weights}.");
        }

        if (!Enum.IsDefined(Embedding))
        {
            errors.Add($"Embedding must be Float32, Float16 or BFloat16 but is {(int)Embedding}.");
        }

        if (MaxPositions is < 1)
        {
            errors.Add($"MaxPositions must be 1 or more but is {MaxPositions}.");
        }

        if (KvScales is not null && Kv != KvPrecision.Int8)
        {
            errors.Add($"KvScales must be null when Kv is {Kv}.");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors));
        }
    }
}
