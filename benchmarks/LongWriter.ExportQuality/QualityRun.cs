using System.Globalization;
using LongWriter.Onnx.Export;

namespace LongWriter.ExportQuality;

/// <summary>Exports every form, measures its speed if that is wanted, runs it beside the reference and writes a Markdown table. Two models are loaded at a time.</summary>
/// <param name="modelFolder">Hugging Face folder of the model.</param>
/// <param name="windows">The text.</param>
/// <param name="speedRounds">Rounds in which speeds are measured; 0 for none.</param>
/// <param name="threads">Threads of a step while speeds are measured.</param>
internal sealed class QualityRun(string modelFolder, IReadOnlyList<TextWindow> windows, int speedRounds, int threads)
{
    /// <summary>64 MB of logits at a time, by each of the two.</summary>
    private const int LargestLogits = 1 << 24;

    public void Write(TextWriter output)
    {
        int windowTokens = windows[0].Ids.Length;
        output.WriteLine(Text($"{windows.Count} windows of {windowTokens} tokens, {windows.Count * (windowTokens - 1)} predictions, {windows.Sum(window => window.PredictedBytes)} bytes predicted."));
        output.WriteLine();
        string speedNames = speedRounds == 0 ? "" : Text($" ms a token at {FormSpeed.Short} | at {FormSpeed.Long:N0} | prompt of {FormSpeed.Long:N0}, tokens/s | by one graph |");
        output.WriteLine($"| weights | keys and values | bits per projection weight | export, MB | NLL, nats per token | perplexity | bits per byte | NLL above the reference | same best token | mean KL(reference \\|\\| form), nats |{speedNames}");
        output.WriteLine($"|---|---|---|---|---|---|---|---|---|---|{(speedRounds == 0 ? "" : "---|---|---|---|")}");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("longwriter-quality-");
        try
        {
            string[] folders = [.. ExportForm.All.Select((form, i) => Export(form, folder.FullName, Text($"{i}")))];
            FormSpeed[] speeds = [.. folders.Select(exported => new FormSpeed(exported, threads))];
            for (int round = 0; round < speedRounds; round++)
            {
                foreach (FormSpeed speed in speeds)
                {
                    speed.Measure(round);
                }
            }

            using var reference = new LoadedExport(folders[0], windowTokens);
            foreach ((int i, ExportForm form) in ExportForm.All.Index())
            {
                using var loaded = new LoadedExport(folders[i], windowTokens);
                output.WriteLine(ToRow(form, SizeBytes(folders[i]), [.. windows.Select(window => Compare(reference, loaded, window))]) + ToCells(speeds[i]));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private string ToCells(FormSpeed speed) =>
        speedRounds == 0 ? "" : Text($" {speed.ShortMs:0.000} | {speed.LongMs:0.000} | {speed.ReadPerSecond:0} | {speed.IntReadPerSecond:0} |");

    private string Export(ExportForm form, string root, string name)
    {
        string folder = Path.Combine(root, name);
        ModelExporter.Export(modelFolder, folder, form.ToOptions());
        return folder;
    }

    private static Comparison Compare(LoadedExport reference, LoadedExport form, TextWindow window)
    {
        int vocabSize = reference.VocabSize;
        var comparison = new Comparison(vocabSize);

        // The last token is not fed: nothing comes after it.
        int[] ids = window.Ids;
        int chunkTokens = Math.Clamp(LargestLogits / vocabSize, 1, ids.Length);
        for (int start = 0; start < ids.Length - 1; start += chunkTokens)
        {
            ReadOnlySpan<int> chunk = ids.AsSpan(start, Math.Min(chunkTokens, ids.Length - 1 - start));
            Span<float> referenceLogits = reference.Append(chunk, start);
            Span<float> formLogits = form.Append(chunk, start);
            for (int row = 0; row < chunk.Length; row++)
            {
                comparison.Add(referenceLogits.Slice(row * vocabSize, vocabSize), formLogits.Slice(row * vocabSize, vocabSize), ids[start + row + 1]);
            }
        }

        return comparison;
    }

    private string ToRow(ExportForm form, long sizeBytes, Comparison[] results)
    {
        int tokens = results.Sum(result => result.Tokens);
        double loss = results.Sum(result => result.LogLoss) / tokens;
        double bitsPerByte = results.Sum(result => result.LogLoss) / Math.Log(2) / windows.Sum(window => window.PredictedBytes);
        (double above, double aboveError) = Mean(results, result => result.LogLoss - result.ReferenceLogLoss);
        (double divergence, double divergenceError) = Mean(results, result => result.Divergence);
        double same = results.Sum(result => result.SameBest) / (double)tokens;
        return Text($"| {form.Name}{form.Remark} | {form.KvName} | {form.BitsPerWeight:0.##} | {sizeBytes / 1e6:0.0} | {loss:0.0000} | {Math.Exp(loss):0.00} | {bitsPerByte:0.0000} | {above:+0.0000;-0.0000;0} ± {aboveError:0.0000} | {same:0.0 %} | {divergence:0.00000} ± {divergenceError:0.00000} |");
    }

    /// <summary>Mean per token, and its standard error over windows: tokens of one window are not independent of each other.</summary>
    private static (double Mean, double Error) Mean(Comparison[] results, Func<Comparison, double> value)
    {
        double[] means = [.. results.Select(result => value(result) / result.Tokens)];
        double mean = means.Average();
        double variance = means.Length > 1 ? means.Sum(x => (x - mean) * (x - mean)) / (means.Length - 1) : double.NaN;
        return (mean, Math.Sqrt(variance / means.Length));
    }

    private static long SizeBytes(string folder) => new DirectoryInfo(folder).EnumerateFiles("model.onnx*").Sum(file => file.Length);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
