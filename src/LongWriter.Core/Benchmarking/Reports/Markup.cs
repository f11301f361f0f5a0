using System.Text;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Writes HTML and SVG that are well-formed XML too: every text and attribute is escaped, every element closed.</summary>
internal sealed class Markup
{
    private readonly StringBuilder written = new();
    private readonly Stack<string> open = new();

    public Markup Open(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        written.Append('>');
        open.Push(name);
        return this;
    }

    public Markup Close()
    {
        written.Append("</").Append(open.Pop()).Append('>');
        return this;
    }

    public Markup Element(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes) => Open(name, attributes).Text(text).Close();

    /// <summary>An element without content: meta, or one of SVG's. Not for div and its like, which HTML would leave open.</summary>
    public Markup Empty(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        written.Append("/>");
        return this;
    }

    public Markup Text(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            Append(rune);
        }

        return this;
    }

    /// <summary>Constant text that is not escaped, such as the style sheet.</summary>
    public Markup Raw(string trusted)
    {
        written.Append(trusted);
        return this;
    }

    public Markup Line() => Raw("\n");

    public override string ToString() => open.Count == 0 ? written.ToString() : throw new InvalidOperationException($"The element \"{open.Peek()}\" is still open.");

    private void Start(string name, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        written.Append('<').Append(name);
        foreach ((string key, string value) in attributes)
        {
            written.Append(' ').Append(key).Append("=\"");
            Text(value);
            written.Append('"');
        }
    }

    // EnumerateRunes has made unpaired surrogates U+FFFD; the other characters that XML forbids become it here.
    private void Append(Rune rune)
    {
        switch (rune.Value)
        {
            case '<':
                written.Append("&lt;");
                break;
            case '>':
                written.Append("&gt;");
                break;
            case '&':
                written.Append("&amp;");
                break;
            case '"':
                written.Append("&quot;");
                break;
            case '\t' or '\n':
                written.Append((char)rune.Value);
                break;
            case < 0x20 or (>= 0x7F and < 0xA0) or 0xFFFE or 0xFFFF:
                written.Append('\uFFFD');
                break;
            default:
                written.Append(rune.ToString());
                break;
        }
    }
}
