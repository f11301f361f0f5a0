using LongWriter.Onnx.Tokenization;

namespace LongWriter.Cli.Tests;

public sealed class TrainTokenizerTests
{
    private const string See = "See longwriter data train-tokenizer --help.\n";

    [Fact]
    public async Task TrainTokenizer_TextAndLines_WritesAFileThatLoads()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("a.txt", "the lamp, the lamp, the lamp\n");
        run.Write("b.jsonl", "{\"text\":\"the sea\"}\n\n{\"id\":2,\"text\":\"the lamp\"}\n");

        ToolResult result = await run.RunAsync(
            ["data", "train-tokenizer", "--from", run.PathTo("a.txt"), run.PathTo("b.jsonl"), "--vocab-size", "264", "--out", run.PathTo("out"), "--special", "<end>", "--json"], withModel: false);

        Assert.Equal(
            new ToolResult(
                0,
                "{\"file\":\"DIR/out/tokenizer.json\",\"vocabularySize\":264,\"merges\":7,\"texts\":3,\"characters\":44,\"pieces\":13,\"distinctPieces\":6}\n",
                "DIR/a.txt: 1 texts, 9 pieces, 5 different so far\nDIR/b.jsonl: 3 texts, 13 pieces, 6 different so far\n[258/264] tokens\nWrote DIR/out/tokenizer.json: 264 tokens, 7 merges\n"),
            result);
        Tokenizer tokenizer = Tokenizer.Load(run.PathTo("out/tokenizer.json"));
        Assert.Equal(264, tokenizer.VocabularySize);
        Assert.Equal([0], tokenizer.Encode("<end>"));
        Assert.Equal("the lamp\n", tokenizer.Decode([.. tokenizer.Encode("the lamp\n")]));
        Assert.Equal(["tokenizer.json"], Directory.EnumerateFiles(run.PathTo("out")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task TrainTokenizer_FileThatExists_IsKeptUnlessOverwritten()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("a.txt", "the");
        run.Write("t.json", "mine");
        string[] command = ["data", "train-tokenizer", "--from", run.PathTo("a.txt"), "--out", run.PathTo("t.json")];

        Assert.Equal(new ToolResult(5, "", "longwriter: --out: DIR/t.json exists already; add --overwrite to replace it.\n"), await run.RunAsync(command, withModel: false));
        Assert.Equal("mine", run.Read("t.json"));
        Assert.Equal(0, (await run.RunAsync([.. command, "--overwrite"], withModel: false)).Code);
        Assert.Equal(260, Tokenizer.Load(run.PathTo("t.json")).VocabularySize);
    }

    [Theory]
    [InlineData("[]", "line 1: expected an object with a string \"text\", found an array.")]
    [InlineData("{\"text\":\"a\"}\n{\"text\":5}", "line 2: expected an object with a string \"text\", found a number.")]
    [InlineData("{\"body\":\"a\"}", "line 1: expected an object with a string \"text\", found no \"text\".")]
    [InlineData("{\"text\":\"\\ud800\"}", "line 1: expected an object with a string \"text\", found half of a surrogate pair.")]
    [InlineData("text", "line 1: expected an object with a string \"text\", found no JSON.")]
    public async Task TrainTokenizer_BadLine_IsNamed(string content, string message)
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("b.jsonl", content);

        ToolResult result = await run.RunAsync(["data", "train-tokenizer", "--from", run.PathTo("b.jsonl"), "--out", run.PathTo("out")], withModel: false);

        Assert.Equal(new ToolResult(2, "", $"longwriter: --from: DIR/b.jsonl: {message}\n"), result);
        Assert.False(Directory.Exists(run.PathTo("out")));
    }

    [Theory]
    [InlineData(5, "longwriter: --from: none.jsonl does not exist.\n", "--from", "none.jsonl")]
    [InlineData(5, "longwriter: --from: none.txt does not exist.\n", "--from", "none.txt")]
    [InlineData(2, "longwriter: --from: data.csv must end in .txt or .jsonl.\n", "--from", "data.csv")]
    [InlineData(2, "longwriter: --vocab-size must be a whole number from 257 to 1000000 but is \"9\".\n" + See, "--from", "a.txt", "--vocab-size", "9")]
    [InlineData(2, "longwriter: VocabularySize must be in [260, 1000000] but is 258.\n", "--from", "a.txt", "--vocab-size", "258")]
    [InlineData(2, "longwriter: Pattern must be a pattern of this dialect but has '\\b' at character 3.\n", "--from", "a.txt", "--pattern", "\\bx")]
    [InlineData(2, "longwriter: SpecialTokens must not be empty or the symbol of a byte but one is '!'.\n", "--from", "a.txt", "--special", "!")]
    public async Task TrainTokenizer_BadArguments_AreNamed(int code, string error, params string[] args)
    {
        await using ToolRun run = await ToolRun.StartAsync();

        Assert.Equal(new ToolResult(code, "", error), await run.RunAsync(["data", "train-tokenizer", .. args, "--out", run.PathTo("out")], withModel: false));
        Assert.False(Directory.Exists(run.PathTo("out")));
    }
}
