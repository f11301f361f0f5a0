using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Benchmarking;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>Whatever a file holds, it is a suite or an error that says where.</summary>
public sealed class SuiteFileProperties
{
    private static readonly Config Replayed = Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20_240_813, 11);

    private static readonly string[] Fragments =
    [
        "{", "}", "\"prompt\"", "\"type\"", "\"length\"", "\"id\"", "\"language\"", ":", ",", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "null", "true", "[", "]", "1", "-1", "1e3",
        "1000001", "0.5", "\"en\"", "\"zh\"", "\"x\"", "字", " ", "\n", "\r\n", "\uFEFF", "\0",
        "{\"prompt\": \"a\", \"type\": \"x\", \"length\": 3}\n", "{\"prompt\": \"写\", \"type\": \"x\", \"length\": 3, \"id\": \"i\"}\n",
    ];

    [Fact]
    public void Load_AnyMixOfItsOwnParts_GivesASuiteOrSaysWhatIsWrong()
    {
        using var folder = new BenchFolder();
        string path = folder.PathTo("mine.jsonl");
        Check.One(Replayed, Prop.ForAll(Gen.Elements(Fragments).ListOf().ToArbitrary(), parts => IsSuiteOrError(path, Encoding.UTF8.GetBytes(string.Concat(parts)))));
    }

    [Fact]
    public void Load_AnyBytes_GivesASuiteOrSaysWhatIsWrong()
    {
        using var folder = new BenchFolder();
        string path = folder.PathTo("mine.jsonl");
        Check.One(Replayed, Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => IsSuiteOrError(path, bytes ?? [])));
    }

    [Fact]
    public void Load_GoodLineWithOneByteChanged_GivesASuiteOrSaysWhatIsWrong()
    {
        using var folder = new BenchFolder();
        string path = folder.PathTo("mine.jsonl");
        byte[] good = Encoding.UTF8.GetBytes("{\"id\": \"i\", \"language\": \"en\", \"prompt\": \"Écris \\u00e9\", \"type\": \"x\", \"length\": 300}\n");
        Check.One(
            Replayed,
            Prop.ForAll(Gen.Choose(0, good.Length - 1).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (place, value) =>
            {
                byte[] changed = [.. good];
                changed[place] = (byte)value;
                return IsSuiteOrError(path, changed);
            }));
    }

    private static bool IsSuiteOrError(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        try
        {
            BenchmarkSuite suite = BenchmarkSuiteFile.Load(path);
            return suite.Items.Count > 0
                && suite.Items.Select(item => item.Id).Distinct().Count() == suite.Items.Count
                && suite.Items.All(item => item.RequiredWords is >= 1 and <= LengthTarget.MaxValue && item.Language is "en" or "zh" && item.Prompt.Trim().Length > 0);
        }
        catch (BenchmarkSuiteException error)
        {
            return error.Problems.Count > 0 && error.Message.StartsWith(path + ": ", StringComparison.Ordinal);
        }
    }
}
