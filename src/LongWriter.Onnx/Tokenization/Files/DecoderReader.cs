using System.Globalization;
using System.Text.Json;
using LongWriter.Onnx.Tokenization.Joining;
using LongWriter.Onnx.Tokenization.Patterns;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>
/// Reads "decoder". Its steps are kept in one order: steps on each token, bytes to characters, steps on each piece, the byte
/// alphabet, one strip of the joined text. A file that asks for another order is refused unless the outcome is the same.
/// </summary>
internal sealed class DecoderReader
{
    private const string Supported = "ByteLevel, Metaspace, Replace, ByteFallback, Fuse, Strip or Sequence";
    private const int MaxSteps = 32;

    private readonly List<PieceStep> steps = [];
    private readonly List<PieceStep> laterSteps = [];
    private bool fallsBackToBytes;
    private bool isByteLevel;
    private bool isFused;
    private LeadingStrip? leadingStrip;

    public static JoiningPlan Read(JsonPlace decoder)
    {
        var reader = new DecoderReader();
        reader.Add(decoder, 0);
        return new JoiningPlan(reader.steps, reader.fallsBackToBytes, reader.laterSteps, reader.isByteLevel, reader.leadingStrip);
    }

    private List<PieceStep> CurrentSteps => fallsBackToBytes ? laterSteps : steps;

    private void Add(JsonPlace step, int depth)
    {
        if (step.IsNull)
        {
            throw step.Error(Supported);
        }

        JsonPlace type = step["type"];
        string name = type.Text("a decoder's type");
        if (name == "Sequence" && depth < PreTokenizerReader.MaxDepth)
        {
            foreach (JsonPlace item in step["decoders"].Items())
            {
                Add(item, depth + 1);
            }

            return;
        }

        if (leadingStrip is not null && name != "Fuse")
        {
            throw type.Error("nothing after Strip of the joined text");
        }

        if (steps.Count + laterSteps.Count == MaxSteps)
        {
            throw step.Error($"at most {MaxSteps} steps");
        }

        switch (name)
        {
            case "Replace":
                CurrentSteps.Add(ReadReplace(step));
                break;
            case "ByteFallback" when fallsBackToBytes:
                throw type.Error("ByteFallback once");
            case "ByteFallback":
                BeforeJoining(type);
                fallsBackToBytes = true;
                break;
            case "Fuse":
                isFused = true;
                break;
            case "Strip":
                AddStrip(step);
                break;
            case "Metaspace":
                BeforeJoining(type);
                Metaspace metaspace = MetaspaceReader.Read(step);
                CurrentSteps.Add(new MetaspaceStep(metaspace.Replacement, dropsFirst: metaspace.Scheme != PrependScheme.Never));
                break;
            case "ByteLevel":
                BeforeJoining(type);
                isByteLevel = isFused = true;
                break;
            default:
                throw type.Error(Supported);
        }
    }

    private void BeforeJoining(JsonPlace type)
    {
        if (isFused)
        {
            throw type.Error("Replace or Strip after Fuse or ByteLevel");
        }
    }

    /// <summary>One character is replaced alike in every piece and in all of them joined; more might stand across a border.</summary>
    private ReplacePieceStep ReadReplace(JsonPlace replace)
    {
        TextMatcher matcher = MatcherReader.Read(replace["pattern"]);
        bool isOneCharacter = matcher is LiteralMatcher { Literal: var literal } && literal.EnumerateRunes().Count() == 1;
        if (isFused && (isByteLevel || !isOneCharacter))
        {
            throw replace["pattern"].Error("a String of one character in a Replace after Fuse, and no Replace after ByteLevel");
        }

        return new ReplacePieceStep(matcher, replace["content"].Text());
    }

    private void AddStrip(JsonPlace strip)
    {
        string content = strip["content"].Text("a character");
        if (content.EnumerateRunes().Count() != 1)
        {
            throw strip["content"].Error("one character");
        }

        int start = ReadCount(strip["start"]);
        if (ReadCount(strip["stop"]) != 0)
        {
            throw strip["stop"].Error("0 (ends are not stripped)");
        }

        if (isFused)
        {
            leadingStrip = new LeadingStrip(content, start);
        }
        else
        {
            CurrentSteps.Add(new StripPieceStep(content, start));
        }
    }

    private static int ReadCount(JsonPlace count)
        => count.Element.ValueKind == JsonValueKind.Number && count.Element.TryGetInt32(out int value) && value >= 0
            ? value
            : throw count.Error(string.Create(CultureInfo.InvariantCulture, $"a whole number in [0, {int.MaxValue}]"));
}
