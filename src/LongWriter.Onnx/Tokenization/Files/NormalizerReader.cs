using LongWriter.Onnx.Tokenization.Normalization;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>Reads "normalizer": what is done to text before it is cut into pieces.</summary>
internal static class NormalizerReader
{
    private const int MaxSteps = 32;
    private const string Supported = "NFC, Prepend, Replace, Strip, Lowercase or Sequence (other normalizers are not supported)";

    public static TextNormalizer Read(JsonPlace normalizer)
    {
        var steps = new List<NormalizationStep>();
        Add(normalizer, 0);
        return new TextNormalizer(steps);

        void Add(JsonPlace step, int depth)
        {
            if (step.IsNull)
            {
                return;
            }

            JsonPlace type = step["type"];
            string name = type.Text("a normalizer's type");
            if (name == "Sequence" && depth < PreTokenizerReader.MaxDepth)
            {
                foreach (JsonPlace item in step["normalizers"].Items())
                {
                    item.Expect(System.Text.Json.JsonValueKind.Object, "an object");
                    Add(item, depth + 1);
                }

                return;
            }

            if (steps.Count == MaxSteps)
            {
                throw step.Error($"at most {MaxSteps} steps");
            }

            steps.Add(name switch
            {
                "NFC" => new NfcStep(),
                "Prepend" => new PrependStep(step["prepend"].Text()),
                "Replace" => new ReplaceStep(MatcherReader.Read(step["pattern"]), step["content"].Text()),
                "Strip" => new StripStep(step["strip_left"].Flag(), step["strip_right"].Flag()),
                "Lowercase" => new LowercaseStep(),
                _ => throw type.Error(Supported),
            });
        }
    }
}
