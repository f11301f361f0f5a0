using System.Globalization;
using System.Text.RegularExpressions;
using LongWriter.Testing;
using LongWriter.Writing;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>
/// Writers that do not do what they are asked, seeded: the document has the asked length all the same, in a bounded number of calls.
/// The bound of docs/guide-length.md: calls of a section are at most 1 + MaxContinuations + MaxRewrites.
/// </summary>
public sealed partial class LengthContractTests
{
    private static readonly int[] Targets = [200, 500, 1_000, 2_500, 6_000, 12_000];

    /// <summary>Name, and words that come for words that are asked.</summary>
    public static TheoryData<string, Func<int, Random, int>> Writers { get; } = new()
    {
        { "always 40 %", (asked, _) => asked * 2 / 5 },
        { "always 250 %", (asked, _) => asked * 5 / 2 },
        { "20 to 400 %", (asked, random) => (int)(asked * (0.2 + (3.8 * random.NextDouble()))) },
        { "300 words whatever is asked", (asked, _) => Math.Min(300, asked) },
        { "exactly 300 words", (_, _) => 300 },
        { "nothing one time in five", (asked, random) => random.NextDouble() < 0.2 ? 0 : asked },
        { "a refusal one time in five", (asked, random) => random.NextDouble() < 0.2 ? -1 : asked },
    };

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task WriteAsync_UnreliableWriter_KeepsTheLengthInBoundedCalls(string name, Func<int, Random, int> given)
    {
        var options = new AgentWriterOptions();
        List<double> scores = [];
        foreach (int target in Targets)
        {
            for (int seed = 0; seed < 6; seed++)
            {
                var random = new Random(seed + target);
                using ScriptedChatClient client = Client(call => Reply(call, target, given, random));

                WrittenDocument document = await new AgentWriter(client, options).WriteAsync(new WritingRequest { Instruction = $"Write a {target}-word story.", Seed = seed }, null, Stop);

                Assert.True(document.End == EndCause.Stop, $"{name}, {target} words, seed {seed}: {document.Failure}");
                Assert.True(document.Text.EndsWith('.'), $"{name}, {target} words, seed {seed}: {document.Text[^40..]}");
                scores.Add(Score(target, document.Words));
                Assert.True(scores[^1] >= 85, $"{name}, {target} words, seed {seed}: {document.Length}");
                int planning = 1 + options.MaxPlanRepairs;
                Assert.InRange(client.Calls.Count, 1, planning + (document.Sections.Count * (1 + options.MaxContinuations + options.MaxRewrites)));
            }
        }

        Assert.True(scores.Average() >= 97, $"{name}: mean S_l {scores.Average():0.00}");
    }

    [Fact]
    public async Task WriteAsync_WriterThatIgnoresThePlan_KeepsTheLength()
    {
        var random = new Random(5);
        using ScriptedChatClient client = Client(call => WriterScript.IsPlanning(call)
            ? new PlayedReply("I would rather not plan this.")
            : new PlayedReply(WriterScript.Prose(random.Next(1, 5_000), random.Next(150, 900))));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(new WritingRequest { Instruction = "Write a 5000-word story." }, null, Stop);

        Assert.Equal(PlanOrigin.Even, document.Planning!.Origin);
        Assert.InRange(Score(5_000, document.Words), 97, 100);
    }

    [Fact]
    public async Task WriteAsync_WriterThatOnlyRefuses_SaysSoInBoundedCalls()
    {
        using ScriptedChatClient client = Client(new PlayedReply("I'm sorry, but I can't assist with that."));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Planned(300, 300), null, Stop);

        Assert.Equal(EndCause.Refusal, document.End);
        Assert.False(document.Length!.IsMet);
        Assert.Equal("Section 1 could not be written. The model refused to write the section. It was tried 5 times.", document.Length.Reason);
        Assert.Equal(5, client.Calls.Count);
    }

    [Theory]
    [InlineData("Write at least 3000 words about the sea.", 3_000, int.MaxValue)]
    [InlineData("Write at most 3000 words about the sea.", 2_700, 3_000)]
    [InlineData("Write 2000 to 2400 words about the sea.", 2_000, 2_400)]
    public async Task WriteAsync_EveryKind_KeepsWhatIsAsked(string instruction, int least, int most)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            using ScriptedChatClient client = Client(call => Reply(call, 3_000, (asked, dice) => (int)(asked * (0.4 + (1.6 * dice.NextDouble()))), random));

            WrittenDocument document = await new AgentWriter(client).WriteAsync(new WritingRequest { Instruction = instruction, Seed = seed }, null, Stop);

            Assert.InRange(document.Words, least, most);
            Assert.True(document.Length!.IsMet, $"seed {seed}: {document.Length}");
        }
    }

    private static PlayedReply Reply(ScriptedCall call, int target, Func<int, Random, int> given, Random random)
    {
        if (WriterScript.IsPlanning(call))
        {
            return new PlayedReply(WriterScript.Plan(Math.Max(2, target / 500), 500));
        }

        int asked = int.Parse(Words().Matches(call.LastText)[^1].Groups[1].Value, CultureInfo.InvariantCulture);
        return given(asked, random) switch
        {
            < 0 => new PlayedReply("I'm sorry, but I can't assist with that."),
            0 => new PlayedReply(""),
            int words => new PlayedReply(Sentences(random, words)),
        };
    }

    /// <summary>Sentences of 5 to 30 words, so that lengths do not come out even.</summary>
    private static string Sentences(Random random, int words)
    {
        var sentences = new List<string>();
        for (int left = words; left > 0;)
        {
            int length = Math.Min(left, random.Next(5, 31));
            string sentence = WriterScript.Prose(random.Next(1, 200_000), length).Replace(".\n\n", " ", StringComparison.Ordinal).Replace(". ", " ", StringComparison.Ordinal);
            sentences.Add(sentence[..1] + sentence[1..].ToLowerInvariant());
            left -= length;
        }

        return string.Join(' ', sentences);
    }

    /// <summary>The paper's S_l, written down once more.</summary>
    private static double Score(double required, double produced) =>
        100 * Math.Max(0, produced > required ? 1 - (((produced / required) - 1) / 3) : produced == 0 ? 0 : 1 - (((required / produced) - 1) / 2));

    [GeneratedRegex(@"(\d+) words")]
    private static partial Regex Words();
}
