using System.Globalization;

namespace LongWriter.Onnx.Tokenization.Patterns;

/// <summary>A class of code points: ranges, general categories, whitespace and other sets, maybe negated.</summary>
internal sealed class CodePointSet
{
    private readonly List<(int From, int To)> ranges = [];
    private readonly List<CodePointSet> parts = [];
    private uint categories;
    private bool whitespace;

    public bool IsNegated { get; set; }

    public CodePointSet AddRange(int from, int to)
    {
        ranges.Add((from, to));
        return this;
    }

    /// <summary>Adds a letter in every case the reference folds it to.</summary>
    public CodePointSet AddFolded(int codePoint)
    {
        AddRange(codePoint, codePoint);
        if (codePoint is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z'))
        {
            AddRange(codePoint ^ 0x20, codePoint ^ 0x20);
        }

        return (codePoint | 0x20) switch
        {
            's' => AddRange(0x17F, 0x17F),
            'k' => AddRange(0x212A, 0x212A),
            _ => this,
        };
    }

    public CodePointSet AddCategories(uint mask)
    {
        categories |= mask;
        return this;
    }

    public CodePointSet AddWhitespace()
    {
        whitespace = true;
        return this;
    }

    public CodePointSet AddPart(CodePointSet part)
    {
        parts.Add(part);
        return this;
    }

    public bool Contains(int codePoint) => Includes(codePoint) != IsNegated;

    private bool Includes(int codePoint)
    {
        foreach ((int from, int to) in ranges)
        {
            if (codePoint >= from && codePoint <= to)
            {
                return true;
            }
        }

        if (categories != 0 && (categories & (1u << (int)CharUnicodeInfo.GetUnicodeCategory(codePoint))) != 0)
        {
            return true;
        }

        if (whitespace && codePoint < 0x10000 && char.IsWhiteSpace((char)codePoint))
        {
            return true;
        }

        foreach (CodePointSet part in parts)
        {
            if (part.Contains(codePoint))
            {
                return true;
            }
        }

        return false;
    }
}
