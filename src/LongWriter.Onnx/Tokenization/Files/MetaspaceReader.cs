namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>Before which texts a Metaspace puts a space of its own.</summary>
internal enum PrependScheme
{
    /// <summary>Before every text between added tokens.</summary>
    Always,

    /// <summary>Only before the beginning of the whole text.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}

/// <summary>What a Metaspace says, as a pre-tokenizer and as a decoder.</summary>
internal readonly record struct Metaspace(char Replacement, PrependScheme Scheme, bool Splits);

/// <summary>Reads a Metaspace in its newer form, and in the older one with "add_prefix_space".</summary>
internal static class MetaspaceReader
{
    public static Metaspace Read(JsonPlace metaspace)
    {
        JsonPlace replacement = metaspace["replacement"];
        string symbol = replacement.Text("a character");
        if (symbol.Length != 1 || symbol == " ")
        {
            throw replacement.Error("one character other than a space");
        }

        JsonPlace name = metaspace["prepend_scheme"];
        PrependScheme scheme = name.IsNull ? PrependScheme.Always : name.Text() switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw name.Error("always, first or never"),
        };
        if (!metaspace["add_prefix_space"].Flag(true) && scheme != PrependScheme.Never)
        {
            throw name.Error("never, as add_prefix_space is false");
        }

        return new Metaspace(symbol[0], scheme, metaspace["split"].Flag(true));
    }
}
