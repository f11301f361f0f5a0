using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Tests.Tokenization;

public sealed class TokenizerFileTests
{
    private static readonly byte[] Small = File.ReadAllBytes(TokenizerVectors.PathOf("added"));

    [Theory]
    [InlineData("model.merges[1]", "\"abc\"", "merges[1]: expected two symbols, found 'abc'.")]
    [InlineData("model.merges[1]", "\"a \"", "merges[1]: expected two symbols, found 'a '.")]
    [InlineData("model.merges[1]", "[\"a\"]", "merges[1]: expected two symbols, found an array of 1.")]
    [InlineData("model.merges[1]", "[\"a\",5]", "merges[1][1]: expected a symbol, found 5.")]
    [InlineData("model.merges[1]", "[\"a\",\"\\ud800\"]", "merges[1][1]: expected a symbol, found a string that is not valid Unicode.")]
    [InlineData("model.merges[1]", "\"Q@ x\"", "merges[1]: expected symbols of model.vocab, found 'Q@'.")]
    [InlineData("model.type", "\"Unigram\"", "model.type: expected BPE (Unigram, WordPiece and WordLevel are not supported), found 'Unigram'.")]
    [InlineData("model.byte_fallback", "1", "model.byte_fallback: expected true or false, found 1.")]
    [InlineData("model.dropout", "0.1", "model.dropout: expected null or 0 (dropout makes ids random), found 0.1.")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix: expected null or an empty string, found '</w>'.")]
    [InlineData("model.unk_token", "\"<unk>\"", "model.unk_token: expected a token of model.vocab, found '<unk>'.")]
    [InlineData("model.vocab.!", "-1", "model.vocab['!']: expected a token id in [0, 4194303], found -1.")]
    [InlineData("model.vocab.!", "2000000000", "model.vocab['!']: expected a token id in [0, 4194303], found 2000000000.")]
    [InlineData("model.vocab", "[]", "model.vocab: expected an object of tokens and ids, found an array of 0.")]
    [InlineData("normalizer.type", "\"NFKC\"", "normalizer.type: expected NFC, Prepend, Replace, Strip, Lowercase or Sequence (other normalizers are not supported), found 'NFKC'.")]
    [InlineData("normalizer", "{\"type\":\"Precompiled\"}", "normalizer.type: expected NFC, Prepend, Replace, Strip, Lowercase or Sequence (other normalizers are not supported), found 'Precompiled'.")]
    [InlineData("normalizer", "{\"type\":\"Strip\",\"strip_left\":true}", "normalizer.strip_right: expected true or false, found nothing.")]
    [InlineData("normalizer", "{\"type\":\"Prepend\"}", "normalizer.prepend: expected a string, found nothing.")]
    [InlineData("normalizer", "{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"x\"}", "normalizer.pattern.String: expected a text of one character or more, found ''.")]
    [InlineData("normalizer", "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"a*\"},\"content\":\"x\"}", "normalizer.pattern.Regex: expected a pattern of this dialect, found a pattern that may match nothing.")]
    [InlineData("normalizer", "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"}}", "normalizer.content: expected a string, found nothing.")]
    [InlineData("normalizer", "{\"type\":\"Sequence\",\"normalizers\":[null]}", "normalizer.normalizers[0]: expected an object, found null.")]
    [InlineData("pre_tokenizer", "{\"type\":\"BertPreTokenizer\"}", "pre_tokenizer.type: expected Split, Digits, Metaspace, ByteLevel or Sequence, found 'BertPreTokenizer'.")]
    [InlineData("pre_tokenizer", "{\"type\":\"Metaspace\"}", "pre_tokenizer.replacement: expected a character, found nothing.")]
    [InlineData("pre_tokenizer", "{\"type\":\"Metaspace\",\"replacement\":\"__\"}", "pre_tokenizer.replacement: expected one character other than a space, found '__'.")]
    [InlineData("pre_tokenizer", "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"last\"}", "pre_tokenizer.prepend_scheme: expected always, first or never, found 'last'.")]
    [InlineData("pre_tokenizer", "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"add_prefix_space\":false}", "pre_tokenizer.prepend_scheme: expected never, as add_prefix_space is false, found nothing.")]
    [InlineData("pre_tokenizer.pretokenizers[0].behavior", "\"Sideways\"", "pre_tokenizer.pretokenizers[0].behavior: expected Isolated, Removed, MergedWithPrevious, MergedWithNext or Contiguous, found 'Sideways'.")]
    [InlineData("pre_tokenizer.pretokenizers[0].pattern.Regex", "\"\\\\bx\"", "pre_tokenizer.pretokenizers[0].pattern.Regex: expected a pattern of this dialect, found '\\b' at character 3.")]
    [InlineData("decoder", "null", "decoder: expected ByteLevel, Metaspace, Replace, ByteFallback, Fuse, Strip or Sequence, found null.")]
    [InlineData("decoder", "{\"type\":\"WordPiece\"}", "decoder.type: expected ByteLevel, Metaspace, Replace, ByteFallback, Fuse, Strip or Sequence, found 'WordPiece'.")]
    [InlineData("decoder", "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Fuse\"},{\"type\":\"ByteFallback\"}]}", "decoder.decoders[1].type: expected Replace or Strip after Fuse or ByteLevel, found 'ByteFallback'.")]
    [InlineData("decoder", "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"ByteFallback\"},{\"type\":\"ByteFallback\"}]}", "decoder.decoders[1].type: expected ByteFallback once, found 'ByteFallback'.")]
    [InlineData("decoder", "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"ByteLevel\"},{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"\"}]}", "decoder.decoders[1].pattern: expected a String of one character in a Replace after Fuse, and no Replace after ByteLevel, found an object.")]
    [InlineData("decoder", "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Fuse\"},{\"type\":\"Replace\",\"pattern\":{\"String\":\"ab\"},\"content\":\"\"}]}", "decoder.decoders[1].pattern: expected a String of one character in a Replace after Fuse, and no Replace after ByteLevel, found an object.")]
    [InlineData("decoder", "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Fuse\"},{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0},{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}]}", "decoder.decoders[2].type: expected nothing after Strip of the joined text, found 'Strip'.")]
    [InlineData("decoder", "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":1}]}", "decoder.decoders[0].stop: expected 0 (ends are not stripped), found 1.")]
    [InlineData("decoder", "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Strip\",\"content\":\" \",\"start\":-1,\"stop\":0}]}", "decoder.decoders[0].start: expected a whole number in [0, 2147483647], found -1.")]
    [InlineData("decoder", "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Strip\",\"content\":\"  \",\"start\":1,\"stop\":0}]}", "decoder.decoders[0].content: expected one character, found '  '.")]
    [InlineData("post_processor", "{\"type\":\"BertProcessing\"}", "post_processor.type: expected ByteLevel, TemplateProcessing or Sequence, found 'BertProcessing'.")]
    [InlineData("added_tokens[0].id", "\"7\"", "added_tokens[0].id: expected a token id in [0, 4194303], found '7'.")]
    [InlineData("added_tokens[0].id", "7", "added_tokens[0].id: expected an id of its own, found 7, which '(' has.")]
    public void Parse_DamagedPlace_NamesFilePlaceExpectedAndFound(string path, string value, string message)
    {
        var problem = Assert.Throws<TokenizerFormatException>(() => Tokenizer.Parse(With(path, value), "tokenizer.json"));
        Assert.Equal("tokenizer.json: " + message, problem.Message);
    }

    [Fact]
    public void Parse_NoJson_NamesLineAndByte()
    {
        var problem = Assert.Throws<TokenizerFormatException>(() => Tokenizer.Parse("{\n \"model\": }"u8, "t.json"));
        Assert.StartsWith("t.json: line 2, byte 11: expected JSON, found: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_ThrowsFileNotFound()
        => Assert.Throws<FileNotFoundException>(() => Tokenizer.Load(Path.Combine(TokenizerVectors.Folder, "none.json")));

    [Fact]
    public void Parse_AnyMutation_ThrowsNothingButTokenizerFormatException()
    {
        // Bytes overwritten, cut out and doubled, at places and with values that the generator picks.
        Gen<(int At, int Kind, byte Value)> edit = Gen.Choose(0, Small.Length - 1).SelectMany(
            at => Gen.Choose(0, 3).SelectMany(kind => Gen.Elements("\"{}[]:,0179-eau\\nt\u00ff ".Select(c => (byte)c).ToArray()).Select(value => (at, kind, value))));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1_500).WithReplay(3, 5),
            Prop.ForAll(edit.NonEmptyListOf().ToArbitrary(), edits =>
            {
                var bytes = new List<byte>(Small);
                foreach ((int at, int kind, byte value) in edits.Take(4))
                {
                    int index = at % bytes.Count;
                    int length = Math.Min(1 + (value % 9), bytes.Count - index);
                    switch (kind)
                    {
                        case 0: bytes[index] = value; break;
                        case 1: bytes.RemoveRange(index, Math.Min(length, bytes.Count - 1)); break;
                        case 2: bytes.Insert(index, value); break;
                        default: bytes.InsertRange(index, bytes.GetRange(index, length)); break;
                    }
                }

                UseOrRefuse([.. bytes]);
            }));
    }

    [Fact]
    public void Parse_AnyValueReplaced_ThrowsNothingButTokenizerFormatException()
    {
        JsonNode root = JsonNode.Parse(Small)!;
        root["model"]!["merges"] = new JsonArray("a b".Split(' ').Length == 2 ? root["model"]!["merges"]![0]!.DeepClone() : null);
        var paths = new List<string>();
        Collect(root, "", paths);
        string[] values = ["null", "true", "-1", "1e99", "99999999999", "\"\"", "\"\\ud800\"", "\"(a\"", "[]", "[[]]", "{}", "{\"type\":\"Sequence\"}", "{\"type\":5}"];
        foreach (string path in paths)
        {
            foreach (string value in values)
            {
                UseOrRefuse(With(path, value, root));
            }
        }

        Assert.True(paths.Count > 100);
    }

    [Fact]
    public void Parse_SequencesNestedDeeply_IsRefused()
    {
        string nested = string.Concat(Enumerable.Repeat("{\"type\":\"Sequence\",\"pretokenizers\":[", 20)) + string.Concat(Enumerable.Repeat("]}", 20));
        var problem = Assert.Throws<TokenizerFormatException>(() => Tokenizer.Parse(With("pre_tokenizer", nested), "t.json"));
        Assert.EndsWith(".type: expected Split, Digits, Metaspace, ByteLevel or Sequence, found 'Sequence'.", problem.Message, StringComparison.Ordinal);
    }

    private static void UseOrRefuse(byte[] json)
    {
        try
        {
            Tokenizer tokenizer = Tokenizer.Parse(json, "mutant.json");
            _ = tokenizer.Decode([.. tokenizer.Encode("It's 12 words,\n caf\u00e9 e\u0301 <|im_end|> <mask> \u4e2d\U0001F642")]);
        }
        catch (TokenizerFormatException problem)
        {
            Assert.StartsWith("mutant.json: ", problem.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] With(string path, string value, JsonNode? from = null)
    {
        JsonNode root = (from ?? JsonNode.Parse(Small)!).DeepClone();
        string[] steps = path.Replace("[", "\u0001#", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.', '\u0001');
        JsonNode node = root;
        foreach (string step in steps[..^1])
        {
            node = step[0] == '#' ? node[int.Parse(step[1..])]! : node[step]!;
        }

        const string Marker = "\"here the value goes\"";
        JsonNode marker = JsonNode.Parse(Marker)!;
        if (steps[^1][0] == '#')
        {
            node[int.Parse(steps[^1][1..])] = marker;
        }
        else
        {
            node[steps[^1]] = marker;
        }

        // A text with half a surrogate pair cannot be made into a node, so the value is put in as text.
        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace(Marker, value, StringComparison.Ordinal));
    }

    private static void Collect(JsonNode? node, string path, List<string> paths)
    {
        if (path.Length > 0)
        {
            paths.Add(path);
        }

        if (node is JsonObject members && !path.EndsWith("vocab", StringComparison.Ordinal))
        {
            foreach ((string name, JsonNode? value) in members)
            {
                Collect(value, path.Length == 0 ? name : $"{path}.{name}", paths);
            }
        }
        else if (node is JsonArray items)
        {
            for (int i = 0; i < items.Count; i++)
            {
                Collect(items[i], $"{path}[{i}]", paths);
            }
        }
    }
}
