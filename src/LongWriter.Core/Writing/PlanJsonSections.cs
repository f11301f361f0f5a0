using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LongWriter.Writing;

/// <summary>Takes the sections out of a JSON plan.</summary>
/// <param name="utf8">The JSON, from its first brace on.</param>
/// <param name="firstLine">The line of the first brace.</param>
internal sealed class PlanJsonSections(byte[] utf8, int firstLine)
{
    private static readonly string[] ListNames = ["sections", "plan", "outline", "paragraphs", "steps", "chapters", "parts", "items", "subsections", "children", "段落", "章节", "大纲", "计划", "部分"];
    private static readonly string[] TitleNames = ["title", "documenttitle", "题目", "标题"];
    private static readonly string[] HeadingNames = ["heading", "title", "name", "section", "chapter", "subtitle", "标题", "小标题", "章节"];
    private static readonly string[] MainNames = ["mainpoint", "mainpoints", "keypoints", "points", "point", "summary", "description", "content", "topic", "focus", "mainidea", "要点", "内容", "主要内容"];
    private static readonly string[] WordsNames = ["words", "wordcount", "budget", "wordbudget", "targetwords", "targetwordcount", "wordtarget", "estimatedwords", "length", "count", "字数", "篇幅"];

    private const int MaxShownBytes = 200;

    private readonly List<PlanNode> nodes = [];
    private int scannedBytes;
    private int scannedLines;

    /// <summary>The plan or its problems; null when the value has no list of sections.</summary>
    public PlanParseResult? Read(JsonElement root)
    {
        JsonElement? list = root.ValueKind == JsonValueKind.Array ? root : Sections(root);
        if (list is null && root.ValueKind == JsonValueKind.Object && root.EnumerateObject().FirstOrDefault() is { Value.ValueKind: JsonValueKind.Object } inner)
        {
            // {"plan": {"sections": [...]}}
            root = inner.Value;
            list = Sections(root);
        }

        if (list is not { } sections)
        {
            return null;
        }

        string? title = root.ValueKind == JsonValueKind.Object && Find(root, TitleNames) is { ValueKind: JsonValueKind.String } value ? Said(value) : null;
        foreach (JsonElement section in sections.EnumerateArray())
        {
            if (section.ValueKind == JsonValueKind.Object)
            {
                nodes.Add(Node(section));
            }
        }

        return nodes.Count == 0 ? null : PlanSteps.From(new PlanOutline(title, nodes), rootsAreSteps: true).ToResult();
    }

    private PlanNode Node(JsonElement section)
    {
        JsonElement? words = Find(section, WordsNames);
        SourceLine source = Source(section);
        PlanLine line = new(source, PlanLineRole.Step)
        {
            Kind = PlanMarkerKind.Number,
            Heading = Find(section, HeadingNames) is { } heading ? Said(heading) : null,
            MainPoint = Find(section, MainNames) is { } main ? Said(main) : null,
            Words = words is { } count ? Count(count) : null,
        };
        PlanNode node = new(line);
        if (Sections(section) is { } children)
        {
            foreach (JsonElement child in children.EnumerateArray().Where(static child => child.ValueKind == JsonValueKind.Object))
            {
                node.Children.Add(Node(child));
            }
        }

        return node;
    }

    private static JsonElement? Sections(JsonElement owner) =>
        owner.ValueKind == JsonValueKind.Object && Find(owner, ListNames) is { ValueKind: JsonValueKind.Array } list
        && list.EnumerateArray().Any(static item => item.ValueKind == JsonValueKind.Object)
            ? list
            : null;

    /// <summary>The first of the names, in their order, that the object has.</summary>
    private static JsonElement? Find(JsonElement owner, string[] names)
    {
        JsonElement? best = null;
        int bestRank = names.Length;
        foreach (JsonProperty property in owner.EnumerateObject())
        {
            string name = string.Concat(property.Name.Where(static c => c is not ('_' or '-' or ' '))).ToLowerInvariant();
            int rank = Array.IndexOf(names, name);
            if (rank >= 0 && rank < bestRank)
            {
                (best, bestRank) = (property.Value, rank);
            }
        }

        return best;
    }

    private static string? Said(JsonElement value)
    {
        string? said = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Array => string.Join("; ", value.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString())),
            _ => null,
        };
        return said is not null && PlanPhrase.Clean(said) is { Length: > 0 } cleaned ? cleaned : null;
    }

    private static decimal? Count(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetDecimal(out decimal number) ? decimal.Round(number, MidpointRounding.AwayFromZero) : null;
        }

        string? said = value.ValueKind == JsonValueKind.String ? PlanPhrase.Fold(PlanPhrase.Collapse(value.GetString())) : null;
        return said is null ? null : WordCountText.Whole(said) ?? WordCountText.Find(said)?.Words;
    }

    /// <summary>The line an object opens in. Objects come in order, so each byte is looked at once.</summary>
    private SourceLine Source(JsonElement section)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(section);
        _ = utf8.AsSpan().Overlaps(raw, out int offset);
        while (scannedBytes < offset)
        {
            byte next = utf8[scannedBytes++];
            bool breaks = next == '\n' || (next == '\r' && utf8[scannedBytes] != '\n');
            scannedLines += breaks ? 1 : 0;
        }

        string shown = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, MaxShownBytes)]).TrimEnd('\uFFFD');
        return new SourceLine(firstLine + scannedLines, PlanPhrase.Collapse(shown));
    }
}
