using System.Text.Json;

namespace LongWriter.Onnx.Model;

/// <summary>Reads longwriter.json of a folder and refuses one that contradicts itself.</summary>
internal static class ModelManifestReader
{
    /// <exception cref="ModelFormatException">The file or the graph's file is missing, or the manifest is not one this version can read.</exception>
    public static ModelManifest Load(string folder)
    {
        string path = Path.Combine(folder, ModelManifest.FileName);
        if (!File.Exists(path))
        {
            throw new ModelFormatException($"{ModelManifest.FileName} or {GenAiModelConfig.FileName}: expected in '{folder}', found neither. Export the model into a folder first.");
        }

        ModelManifest manifest = Parse(File.ReadAllBytes(path));
        foreach ((string field, string? file) in ((string, string?)[])[("model", manifest.Model), ("prefill_model", manifest.PrefillModel)])
        {
            if (file is not null && !File.Exists(Path.Combine(folder, file)))
            {
                throw new ModelFormatException($"{ModelManifest.FileName}: {field}: expected a file in '{folder}', found no '{file}'.");
            }
        }

        return manifest;
    }

    /// <exception cref="ModelFormatException">Not a manifest that this version can read.</exception>
    public static ModelManifest Parse(ReadOnlySpan<byte> json)
    {
        ModelManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, ModelManifestJson.Default.ModelManifest);
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{ModelManifest.FileName}: {e.Path ?? "$"}: expected a manifest, found an error: {e.Message}", e);
        }

        if (manifest is null)
        {
            throw new ModelFormatException($"{ModelManifest.FileName}: expected an object, found null.");
        }

        List<string> problems = [];
        Check(manifest, problems);
        return problems.Count == 0 ? manifest : throw new ModelFormatException($"{ModelManifest.FileName}: {string.Join(" ", problems)}");
    }

    private static void Check(ModelManifest manifest, List<string> problems)
    {
        if (manifest.Version != ModelManifest.CurrentVersion)
        {
            problems.Add($"version: expected {ModelManifest.CurrentVersion}, found {manifest.Version}.");
            return;
        }

        // A value that JSON gives as null passes the deserializer even where the type says it cannot be.
        if (manifest.Kv is null || manifest.Signature is null || manifest.EosTokenIds is null || string.IsNullOrEmpty(manifest.Model) || manifest.SourceSha256 is null)
        {
            problems.Add("model, kv, signature, eos_token_ids and source_sha256: expected a value for each, found null.");
            return;
        }

        GraphSignature names = manifest.Signature;
        if (((string?[])[names.InputIds, names.Logits, names.PastKey, names.PastValue, names.PresentKey, names.PresentValue]).Any(string.IsNullOrEmpty)
            || ((string?[])[names.SequenceLengths, names.TotalSequenceLength, names.LogitIndex, names.AttentionMask, names.PositionIds]).Contains(""))
        {
            problems.Add("signature: expected names of inputs and outputs, found one that is null or empty.");
        }

        if (Path.GetFileName(manifest.Model) != manifest.Model)
        {
            problems.Add($"model: expected the name of a file, found '{manifest.Model}'.");
        }

        if (manifest.PrefillModel is { } prefill && (prefill.Length == 0 || Path.GetFileName(prefill) != prefill || manifest.Kv.ElementType != "int8"))
        {
            problems.Add($"prefill_model: expected the name of a file, beside int8 keys and values, found '{prefill}'.");
        }

        AtLeast("max_positions", manifest.MaxPositions, 2);
        AtLeast("vocab_size", manifest.VocabSize, 1);
        AtLeast("kv.layer_count", manifest.Kv.LayerCount, 1);
        AtLeast("kv.head_count", manifest.Kv.HeadCount, 1);
        AtLeast("kv.head_dim", manifest.Kv.HeadDim, 1);
        foreach (int id in manifest.EosTokenIds.Where(id => (uint)id >= (uint)manifest.VocabSize))
        {
            problems.Add($"eos_token_ids: expected ids in [0, {manifest.VocabSize - 1}], found {id}.");
        }

        CheckSignature(manifest.Signature, problems);
        CheckScales(manifest.Kv, problems);

        void AtLeast(string name, int value, int least)
        {
            if (value < least)
            {
                problems.Add($"{name}: expected {least} or more, found {value}.");
            }
        }
    }

    private static void CheckSignature(GraphSignature names, List<string> problems)
    {
        int lengthInputs = new[] { names.SequenceLengths, names.TotalSequenceLength, names.LogitIndex }.Count(name => name is not null);
        if (lengthInputs != (names.AttentionMask is null ? 3 : 0))
        {
            problems.Add($"signature: expected sequence_lengths, total_sequence_length and logit_index, or attention_mask, found {lengthInputs} of the three {(names.AttentionMask is null ? "and no" : "and an")} attention_mask.");
        }
    }

    private static void CheckScales(KvLayout kv, List<string> problems)
    {
        if (kv.ElementType is not ("float32" or "float16" or "bfloat16" or "int8"))
        {
            problems.Add($"kv.element_type: expected float32, float16, bfloat16 or int8, found {kv.ElementType ?? "null"}.");
            return;
        }

        int? expected = kv.ElementType == "int8" ? kv.LayerCount : null;
        foreach ((string name, IReadOnlyList<float>? scales) in ((string, IReadOnlyList<float>?)[])[("key_scales", kv.KeyScales), ("value_scales", kv.ValueScales)])
        {
            if (scales?.Count != expected)
            {
                problems.Add($"kv.{name}: expected {(expected is null ? $"none for {kv.ElementType}" : $"{expected} for int8")}, found {scales?.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}.");
            }
        }
    }
}
