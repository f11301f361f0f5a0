// Writes the two tables behind the word counters from the Unicode Character Database:
//   WordBreakTable.g.cs   Word_Break, Extended_Pictographic and what counts, one byte per code point
//   PythonWordTable.g.cs  the characters that \w of Python 3.11 matches, one bit per code point
// Run: dotnet run eng/GenerateWordBreakTable.cs -- <Unicode data folder> src/LongWriter.Abstractions
// The folder is laid out as Unicode publishes it (Debian's package unicode-data installs the same tree):
// UnicodeData.txt, DerivedAge.txt, LineBreak.txt, PropList.txt, Scripts.txt, DerivedCoreProperties.txt,
// auxiliary/WordBreakProperty.txt, emoji/emoji-data.txt.

#:property PublishAot=false

using System.Globalization;
using System.Text;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: dotnet run eng/GenerateWordBreakTable.cs -- <Unicode data folder> <output folder>");
    return 1;
}

const int CodePoints = 0x110000;
string data = args[0];
string output = args[1];
string wordBreakFile = Path.Combine(data, "auxiliary", "WordBreakProperty.txt");
string version = File.ReadLines(wordBreakFile).First()["# WordBreakProperty-".Length..^".txt".Length];

// The order is the numbering of WordBreak in WordSegmenter.cs.
string[] wordBreakNames =
[
    "Other", "CR", "LF", "Newline", "Extend", "ZWJ", "Format", "Regional_Indicator", "Katakana", "Hebrew_Letter", "ALetter",
    "Single_Quote", "Double_Quote", "MidNumLet", "MidLetter", "MidNum", "Numeric", "ExtendNumLet", "WSegSpace",
];
string[] wordBreak = Property(wordBreakFile, "Other");
string[] category = Categories();
string[] script = Property(Path.Combine(data, "Scripts.txt"), "Unknown");
string[] lineBreak = Property(Path.Combine(data, "LineBreak.txt"), "XX");
string[] age = Property(Path.Combine(data, "DerivedAge.txt"), "");
bool[] pictographic = Binary(Path.Combine(data, "emoji", "emoji-data.txt"), "Extended_Pictographic");
bool[] ideographic = Binary(Path.Combine(data, "PropList.txt"), "Ideographic");
bool[] alphabetic = Binary(Path.Combine(data, "DerivedCoreProperties.txt"), "Alphabetic");

var words = new byte[CodePoints];
var python = new byte[CodePoints / 8];
for (int c = 0; c < CodePoints; c++)
{
    int value = Array.IndexOf(wordBreakNames, wordBreak[c]);
    if (value < 0)
    {
        Console.Error.WriteLine($"WordBreakProperty.txt: U+{c:X4}: expected a known Word_Break value, found '{wordBreak[c]}'.");
        return 1;
    }

    words[c] = (byte)(value | (pictographic[c] ? 0x20 : 0) | (Content(c) << 6));
    if (IsPythonWord(c))
    {
        python[c >> 3] |= (byte)(1 << (c & 7));
    }
}

Write("WordBreakTable", words, leastShift: 5, mostShift: 9,
    $"// Unicode {version}: Word_Break, Extended_Pictographic, and what counts (General_Category, Alphabetic, Ideographic, Script, Line_Break).");
Write("PythonWordTable", python, leastShift: 2, mostShift: 6,
    $"// Unicode {version} without what is newer than 14.0 (Age): L*, Nd, Nl, No and '_', the characters that \\w of Python 3.11 matches.");
return 0;

// 0 nothing, 1 part of a word, 2 counts by itself, 3 a letter of a script that is written without spaces and needs a dictionary.
int Content(int c)
{
    bool letter = category[c][0] == 'L' || category[c] == "Nl";
    bool characterScript = script[c] is "Han" or "Hiragana" or "Katakana" || wordBreak[c] == "Katakana";
    if (wordBreak[c] == "Extend" || category[c][0] == 'M')
    {
        return 0;
    }

    if (ideographic[c] || (letter && characterScript))
    {
        return 2;
    }

    if (letter && lineBreak[c] == "SA")
    {
        return 3;
    }

    return alphabetic[c] || category[c] == "Nd" ? 1 : 0;
}

bool IsPythonWord(int c) =>
    (category[c][0] == 'L' || category[c] is "Nd" or "Nl" or "No" || c == '_')
    && double.Parse(age[c], CultureInfo.InvariantCulture) <= 14.0;

string[] Categories()
{
    var result = new string[CodePoints];
    Array.Fill(result, "Cn");
    int rangeStart = -1;
    foreach (string line in File.ReadLines(Path.Combine(data, "UnicodeData.txt")))
    {
        string[] fields = line.Split(';');
        int c = int.Parse(fields[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (fields[1].EndsWith(", First>", StringComparison.Ordinal))
        {
            rangeStart = c;
            continue;
        }

        int first = fields[1].EndsWith(", Last>", StringComparison.Ordinal) ? rangeStart : c;
        Array.Fill(result, fields[2], first, c - first + 1);
    }

    return result;
}

string[] Property(string file, string missing)
{
    var result = new string[CodePoints];
    Array.Fill(result, missing);
    foreach ((int first, int last, string value) in Entries(file))
    {
        Array.Fill(result, value, first, last - first + 1);
    }

    return result;
}

bool[] Binary(string file, string name)
{
    var result = new bool[CodePoints];
    foreach ((int first, int last, string value) in Entries(file))
    {
        if (value == name)
        {
            Array.Fill(result, true, first, last - first + 1);
        }
    }

    return result;
}

IEnumerable<(int First, int Last, string Value)> Entries(string file)
{
    foreach (string line in File.ReadLines(file))
    {
        string entry = line.Split('#')[0].Trim();
        if (entry.Length == 0)
        {
            continue;
        }

        string[] fields = entry.Split(';', StringSplitOptions.TrimEntries);
        string[] range = fields[0].Split("..");
        int first = int.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        yield return (first, int.Parse(range[^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), fields[1]);
    }
}

void Write(string name, byte[] values, int leastShift, int mostShift, string about)
{
    (int shift, byte[] index, byte[] blocks) = Enumerable
        .Range(leastShift, mostShift - leastShift + 1)
        .Select(candidate => TwoStages(values, candidate))
        .Where(stages => stages.Blocks.Length >> stages.Shift <= 256)
        .MinBy(stages => stages.Index.Length + stages.Blocks.Length);

    var text = new StringBuilder();
    text.Append(CultureInfo.InvariantCulture, $$"""
        // <auto-generated>
        // Written by eng/GenerateWordBreakTable.cs from the Unicode Character Database (Debian package unicode-data); do not edit.
        {{about}}
        // Index {{index.Length}} bytes, blocks {{blocks.Length}} bytes. Data: (c) Unicode, Inc., https://www.unicode.org/terms_of_use.html
        // </auto-generated>
        namespace LongWriter;

        internal static partial class {{name}}
        {
            internal const string UnicodeVersion = "{{version}}";

            private const int BlockShift = {{shift}};
        """);
    text.Append("\n\n");
    AppendBytes(text, "Index", index);
    text.Append('\n');
    AppendBytes(text, "Blocks", blocks);
    text.Append("}\n");
    File.WriteAllText(Path.Combine(output, name + ".g.cs"), text.ToString().ReplaceLineEndings("\n"));
    Console.WriteLine($"{name}: shift {shift}, index {index.Length}, blocks {blocks.Length} bytes");
}

// The index ends with the last block that is not all 0; look-up answers 0 beyond it.
(int Shift, byte[] Index, byte[] Blocks) TwoStages(byte[] values, int shift)
{
    int size = 1 << shift;
    var numbers = new Dictionary<string, int>();
    var index = new List<byte>();
    var blocks = new List<byte>();
    int used = Array.FindLastIndex(values, value => value != 0) + 1;
    for (int start = 0; start < used; start += size)
    {
        byte[] block = values[start..Math.Min(start + size, values.Length)];
        string key = Convert.ToHexString(block);
        if (!numbers.TryGetValue(key, out int number))
        {
            number = numbers.Count;
            numbers.Add(key, number);
            blocks.AddRange(block);
        }

        index.Add((byte)number);
    }

    return (shift, [.. index], [.. blocks]);
}

static void AppendBytes(StringBuilder text, string name, byte[] values)
{
    text.Append(CultureInfo.InvariantCulture, $"    private static ReadOnlySpan<byte> {name} =>\n    [\n");
    foreach (byte[] line in values.Chunk(128))
    {
        text.Append("        ").AppendJoin(',', line).Append(",\n");
    }

    text.Append("    ];\n");
}
