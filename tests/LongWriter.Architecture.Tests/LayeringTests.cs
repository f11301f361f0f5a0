using System.Xml.Linq;

namespace LongWriter.Architecture;

public sealed class LayeringTests
{
    private static readonly LayerChecker House = new(LayerTable.House);

    [Fact]
    public void Sources_NamespacesAndImports_FollowTheTable()
    {
        Assert.NotEmpty(Repository.Sources);
        Findings.AssertNone(House.Check(Repository.Sources));
    }

    [Fact]
    public void Projects_UnderSrc_AreThoseOfTheTable() =>
        Assert.Equal(LayerTable.House.Projects.Select(p => p.Name).Order(StringComparer.Ordinal), Repository.Projects);

    [Fact]
    public void Projects_References_FollowTheTable()
    {
        foreach (ProjectRule rule in LayerTable.House.Projects)
        {
            XDocument project = XDocument.Parse(Repository.Read($"src/{rule.Name}/{rule.Name}.csproj"));
            string[] referenced = [.. project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!))];
            Assert.Equal([], referenced.Except(rule.MayReference));
            Assert.Equal(rule.RootNamespace, (string)project.Descendants("RootNamespace").Single());
        }
    }

    [Theory]
    [InlineData("LongWriter.Core/Text/A.cs", "namespace LongWriter.Text;\n\nusing LongWriter.Calling;", ":3: LongWriter.Core/Text may not import LongWriter.Calling")]
    [InlineData("LongWriter.Core/Calling/A.cs", "using LongWriter.Writing;\nnamespace LongWriter.Calling;", ":1: LongWriter.Core/Calling may not import LongWriter.Writing")]
    [InlineData("LongWriter.Core/Writing/A.cs", "using static LongWriter.Scoring.LengthScore;\nnamespace LongWriter.Writing;", ":1: LongWriter.Core/Writing may not import LongWriter.Scoring.LengthScore")]
    [InlineData("LongWriter.Core/Scoring/A.cs", "global using X = global::LongWriter.Writing.Planner;\nnamespace LongWriter.Scoring;", ":1: LongWriter.Core/Scoring may not import LongWriter.Writing.Planner")]
    [InlineData("LongWriter.Core/Datasets/A.cs", "namespace LongWriter.Datasets;\nclass A\n{\n    LongWriter.Benchmarking.Suite? _suite;\n}", ":4: LongWriter.Core/Datasets may not import LongWriter.Benchmarking.Suite")]
    [InlineData("LongWriter.Core/Benchmarking/A.cs", "using LongWriter.Datasets;\nnamespace LongWriter.Benchmarking;", ":1: LongWriter.Core/Benchmarking may not import LongWriter.Datasets")]
    [InlineData("LongWriter.Core/Writing/A.cs", "using LongWriter.Onnx.Chat;\nnamespace LongWriter.Writing;", ":1: LongWriter.Core/Writing may not import LongWriter.Onnx.Chat")]
    [InlineData("LongWriter.Onnx/Chat/A.cs", "using LongWriter.Text;\nnamespace LongWriter.Onnx.Chat;", ":1: LongWriter.Onnx/Chat may not import LongWriter.Text")]
    [InlineData("LongWriter.Onnx/Decoding/Speculative/A.cs", "using LongWriter.Onnx.Tokenization;\nnamespace LongWriter.Onnx.Decoding.Speculative;", ":1: LongWriter.Onnx/Decoding may not import LongWriter.Onnx.Tokenization")]
    [InlineData("LongWriter.Onnx/Decoding/A.cs", "using LongWriter.Onnx.Chat;\nnamespace LongWriter.Onnx.Decoding;", ":1: LongWriter.Onnx/Decoding may not import LongWriter.Onnx.Chat")]
    [InlineData("LongWriter.Onnx/Chat/A.cs", "using LongWriter.Onnx.Runtime;\nnamespace LongWriter.Onnx.Chat;", ":1: LongWriter.Onnx/Chat may not import LongWriter.Onnx.Runtime")]
    [InlineData("LongWriter.Onnx/Tokenization/A.cs", "using LongWriter.Onnx.Model;\nnamespace LongWriter.Onnx.Tokenization;", ":1: LongWriter.Onnx/Tokenization may not import LongWriter.Onnx.Model")]
    [InlineData("LongWriter.OpenAI/A.cs", "using LongWriter.Calling;\nnamespace LongWriter.OpenAI;", ":1: LongWriter.OpenAI may not import LongWriter.Calling")]
    [InlineData("LongWriter.Abstractions/A.cs", "using LongWriter.Text;\nnamespace LongWriter;", ":1: LongWriter.Abstractions may not import LongWriter.Text")]
    [InlineData("LongWriter.Core/Writing/A.cs", "namespace LongWriter;", ":1: the namespace must be LongWriter.Writing but is LongWriter")]
    [InlineData("LongWriter.Core/Writing/A.cs", "public class A;", ":1: the namespace must be LongWriter.Writing but there is none")]
    [InlineData("LongWriter.Core/A.cs", "namespace Microsoft.Extensions.DependencyInjection;", ":1: the namespace must be LongWriter but is Microsoft.Extensions.DependencyInjection")]
    [InlineData("LongWriter.Core/Miscellany/A.cs", "namespace LongWriter.Miscellany;", ":1: the folder Miscellany of LongWriter.Core is not in the table of docs/architecture.md")]
    [InlineData("LongWriter.Onnx/Model/A.cs", "namespace LongWriter.Onnx.Model;\ninternal unsafe class A;", ":2: unsafe is allowed in src/LongWriter.Onnx/Runtime/ only")]
    [InlineData("LongWriter.Core/Text/A.cs", "namespace LongWriter.Text;\n[DllImport(\"c\")]", ":2: DllImport is allowed in src/LongWriter.Onnx/Runtime/ only")]
    public void Check_FileThatBreaksTheTable_IsNamedWithItsLine(string path, string text, string finding)
    {
        IReadOnlyList<string> findings = House.Check([new SourceFile($"src/{path}", text)]);

        Assert.Equal([$"src/{path}{finding}"], findings);
    }

    [Theory]
    [InlineData("LongWriter.Core/Writing/A.cs", "using LongWriter.Calling;\nusing LongWriter.Prompts;\nusing LongWriter.Text;\nnamespace LongWriter.Writing;")]
    [InlineData("LongWriter.Core/Benchmarking/A.cs", "using LongWriter.Scoring;\nusing LongWriter.Writing;\nnamespace LongWriter.Benchmarking;")]
    [InlineData("LongWriter.Core/LongWriterServiceCollectionExtensions.cs", "using LongWriter.Datasets;\nnamespace Microsoft.Extensions.DependencyInjection;")]
    [InlineData("LongWriter.Onnx/Runtime/A.cs", "namespace LongWriter.Onnx.Runtime;\ninternal static unsafe partial class A { [LibraryImport(\"x\")] }")]
    [InlineData("LongWriter.Onnx/Calibration/A.cs", "using LongWriter.Onnx.Chat;\nusing LongWriter.Onnx.Decoding;\nnamespace LongWriter.Onnx.Calibration;")]
    [InlineData("LongWriter.Core/Text/A.cs", "namespace LongWriter.Text;\n// LongWriter.Scoring, unsafe\n/* unsafe\n LongWriter.Writing */\nclass A { string s = \"LongWriter.Onnx unsafe\"; string v = @\"a\"\"unsafe\"; char c = '\"'; string r = \"\"\"\n unsafe\n \"\"\"; }")]
    [InlineData("LongWriter.Core/Text/A.cs", "namespace LongWriter.Text;\nclass A { WordCounter c = LongWriter.WordCounter.Unicode; }")]
    [InlineData("LongWriter.Cli/Program.cs", "using LongWriter.Onnx.Chat;\nusing LongWriter.Writing;\nreturn 0;\n")]
    public void Check_FileThatFollowsTheTable_HasNoFinding(string path, string text) =>
        Assert.Equal([], House.Check([new SourceFile($"src/{path}", text)]));

    [Fact]
    public void Check_NeighbourNamedWithoutTheRoot_IsFound()
    {
        SourceFile score = new("src/LongWriter.Core/Scoring/LengthScore.cs", "namespace LongWriter.Scoring;\npublic sealed record LengthScore(double Value);");
        SourceFile writer = new("src/LongWriter.Core/Writing/A.cs", "namespace LongWriter.Writing;\nclass A { object s = new Scoring.LengthScore(1); int n = Text.Length; }");

        Assert.Equal(["src/LongWriter.Core/Writing/A.cs:2: LongWriter.Core/Writing may not import Scoring.LengthScore"], House.Check([score, writer]));
    }
}
