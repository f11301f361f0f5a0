using LongWriter.Onnx.Chat.Length;

namespace LongWriter.Onnx.Tests.Chat.Length;

public sealed class RunningWordCountTests
{
    // Word and sentence marks of several scripts, combining marks, joiners, an emoji, digits: what a cut in the wrong place would count twice.
    private static readonly string[] Parts =
    [
        "a", "word", "don", "'", "t", " ", "  ", "\n", "\r\n", ".", ",", "3", ".14", "_", "-", "é", "e\u0301", "\u0301", "\u200D", "中", "文字", "。", "，", "々", "か", "カー",
        "สวัสดี", "\uD83D\uDE00", "\uD842\uDFB7", "한국", ":", "\u00A0", "\u3000", "GPT4", "Ⅷ",
    ];

    public static TheoryData<string> Counters => ["unicode", "compatible"];

    [Theory]
    [MemberData(nameof(Counters))]
    public void Append_AnyPieces_CountsAsTheWholeText(string name)
    {
        var counter = WordCounter.FromName(name);
        var random = new Random(6);
        for (int text = 0; text < 400; text++)
        {
            var running = new RunningWordCount(counter);
            string whole = "";
            for (int piece = 0; piece < 60; piece++)
            {
                string next = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Parts[random.Next(Parts.Length)]));
                whole += next;
                running.Append(next);
                Assert.Equal((whole, counter.Count(whole)), (whole, running.Words));
            }
        }
    }

    [Fact]
    public void Append_Prose_AllocatesNothing()
    {
        var running = new RunningWordCount(WordCounter.Unicode);
        Append();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Append();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(2 * 4000, running.Words);

        void Append()
        {
            for (int i = 0; i < 2000; i++)
            {
                running.Append(" one");
                running.Append(" 二");
            }
        }
    }
}
