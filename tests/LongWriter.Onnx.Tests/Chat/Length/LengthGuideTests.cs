using LongWriter.Onnx.Chat.Length;
using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Chat.Length;

/// <summary>The window against models that are nothing but their bad habits.</summary>
public sealed class LengthGuideTests
{
    private const string Sentence = "The old dog went down to the sea and came back.";
    private const int SentenceWords = 11;

    private static readonly LengthWindow Window = new(90, 100, 110, WordCounter.Unicode);

    [Fact]
    public void Decode_ModelThatNeverEnds_EndsAtTheBorderNextToTheTarget()
    {
        ScriptedReply reply = ScriptedReply.Decode(Window, Repeating(" " + Sentence));
        Assert.Equal(LengthEnd.AtBorder, reply.WindowEnd);
        Assert.Equal(9 * SentenceWords, WordCounter.Unicode.Count(reply.Text));
        Assert.EndsWith("back.", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(94, 8)]
    [InlineData(93, 8)]
    [InlineData(95, 9)]
    [InlineData(99, 9)]
    [InlineData(104, 9)]
    [InlineData(105, 10)]
    public void Decode_SentencesOfOneLength_ChoosesTheNearerBorder(int target, int sentences)
    {
        // The first sentence is expected at 20 words, so the mean is a little above 11 and the middle a little lower.
        ScriptedReply reply = ScriptedReply.Decode(new LengthWindow(0, target, target + 20, WordCounter.Unicode), Repeating(" " + Sentence));
        Assert.Equal(sentences * SentenceWords, WordCounter.Unicode.Count(reply.Text));
    }

    [Fact]
    public void Decode_ModelThatAlwaysEnds_WritesParagraphsUpToTheTarget()
    {
        ScriptedReply reply = ScriptedReply.Decode(Window, EndingAfter(" " + Sentence, endLogit: 20));
        Assert.Equal(LengthEnd.AtBorder, reply.WindowEnd);
        Assert.Equal(9 * SentenceWords, WordCounter.Unicode.Count(reply.Text));
        Assert.Equal(9, reply.Text.Split("\n\n").Length);
        Assert.DoesNotContain("\n\n\n", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ModelThatEndsInMidSentence_FinishesTheSentence()
    {
        Action<IReadOnlyList<int>, float[]> repeating = Repeating(" " + Sentence);
        ScriptedReply reply = ScriptedReply.Decode(Window, (ids, logits) =>
        {
            repeating(ids, logits);
            logits[FakeChat.EndOfTurn] = 50;
        });
        Assert.EndsWith("back.", reply.Text, StringComparison.Ordinal);
        Assert.InRange(WordCounter.Unicode.Count(reply.Text), 90, 110);
    }

    [Fact]
    public void Decode_ModelThatWouldRatherBeginAnotherTurn_WritesText()
    {
        int turn = FakeChat.Tokenizer.SpecialTokens["<|im_start|>"];
        Action<IReadOnlyList<int>, float[]> repeating = Repeating(" " + Sentence);
        ScriptedReply reply = ScriptedReply.Decode(Window, (ids, logits) =>
        {
            repeating(ids, logits);
            logits[turn] = 50;
        });
        Assert.Equal(9 * SentenceWords, WordCounter.Unicode.Count(reply.Text));
    }

    [Fact]
    public void Decode_ModelThatNeverEndsASentence_StopsBeyondTheMaximumAndSaysSo()
    {
        ScriptedReply reply = ScriptedReply.Decode(Window, Repeating(" and on"));
        Assert.Equal(LengthEnd.Overrun, reply.WindowEnd);
        Assert.Equal(110 + LengthGuide.OverrunWords, WordCounter.Unicode.Count(reply.Text));
    }

    [Fact]
    public void Decode_VersesWithoutStops_EndAtTheBlankLineBeyondTheMaximum()
    {
        ScriptedReply reply = ScriptedReply.Decode(Window, Repeating(" and on and on and on\n\n"));
        Assert.Equal(LengthEnd.AtBorder, reply.WindowEnd);
        Assert.InRange(WordCounter.Unicode.Count(reply.Text), 110, 115);
    }

    [Fact]
    public void Decode_ModelThatEndsNearTheTarget_EndsByItself()
    {
        // A model that is sure of its end may take it a sentence early, but not three.
        ScriptedReply reply = ScriptedReply.Decode(new LengthWindow(10, 100, 110, WordCounter.Unicode), EndingAfter(" " + Sentence, endLogit: 10));
        Assert.True(reply.IsEndedByModel);
        Assert.Equal(8 * SentenceWords, WordCounter.Unicode.Count(reply.Text));
    }

    [Fact]
    public void Decode_ChineseSentences_EndsAtTheirBorder()
    {
        ScriptedReply reply = ScriptedReply.Decode(Window, Repeating("山上有一座很老的房子。"));
        Assert.Equal(LengthEnd.AtBorder, reply.WindowEnd);
        Assert.Equal(100, WordCounter.Unicode.Count(reply.Text));
        Assert.EndsWith("房子。", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_RandomLogits_NeverThrowsAndTerminates()
    {
        // Tokens of all kinds, pieces of characters among them, and an end that is now likely and now not.
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int minimum = random.Next(60);
            int target = minimum + random.Next(60);
            var window = new LengthWindow(minimum, target, target + random.Next(60), seed % 2 == 0 ? WordCounter.Unicode : WordCounter.Compatible);
            ScriptedReply reply = ScriptedReply.Decode(
                window,
                (_, logits) =>
                {
                    for (int i = 0; i < 30; i++)
                    {
                        logits[random.Next(logits.Length)] = 5;
                    }

                    logits[FakeChat.EndOfTurn] = random.Next(-5, 15);
                },
                new SamplingOptions { Temperature = 1, TopP = 0.95f, Seed = seed });
            int words = window.Counter.Count(reply.Text);
            Assert.InRange(words, minimum, window.MaximumWords + LengthGuide.OverrunWords + 20);
            Assert.True(reply.WindowEnd is not null || reply.IsEndedByModel, reply.Text);
        }
    }

    [Fact]
    public void ProcessAndAppend_Token_AllocateNothing()
    {
        var guide = new LengthGuide(new LengthWindow(1000, 1000, 1000, WordCounter.Unicode), [FakeChat.EndOfTurn], new GuideTokens(FakeChat.Tokenizer));
        float[] logits = new float[ScriptedReply.VocabSize];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(400, guide.Words);

        void Run()
        {
            for (int i = 0; i < 100; i++)
            {
                guide.Process(logits);
                guide.Append(300, " two words.");
            }
        }
    }

    [Fact]
    public void Decode_SpeechThatDoesNotEnd_IsClosedBehindASentence()
    {
        int[] opening = [.. FakeChat.Tokenizer.Encode("He said, “", parseSpecialTokens: false)];
        Action<IReadOnlyList<int>, float[]> repeating = Repeating(" " + Sentence);
        ScriptedReply reply = ScriptedReply.Decode(Window, (ids, logits) =>
        {
            if (ids.Count < opening.Length)
            {
                logits[opening[ids.Count]] = 10;
            }
            else
            {
                repeating([.. ids.Skip(opening.Length)], logits);
            }
        });
        Assert.Equal(LengthEnd.AtBorder, reply.WindowEnd);
        Assert.Equal(2 + (9 * SentenceWords), WordCounter.Unicode.Count(reply.Text));
        Assert.EndsWith("back.”", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_SentenceThatNearlyEnds_IsEndedBeyondTheMaximum()
    {
        // A full stop is always 4 nats less likely than going on.
        int stop = FakeChat.Tokenizer.Encode("a.", parseSpecialTokens: false)[^1];
        Action<IReadOnlyList<int>, float[]> repeating = Repeating(" and on");
        ScriptedReply reply = ScriptedReply.Decode(Window, (ids, logits) =>
        {
            repeating(ids, logits);
            logits[stop] = 6;
        });
        Assert.Equal(LengthEnd.AtBorder, reply.WindowEnd);
        Assert.EndsWith("on.", reply.Text, StringComparison.Ordinal);
        Assert.InRange(WordCounter.Unicode.Count(reply.Text), 111, 110 + (LengthGuide.OverrunWords / 2) + 2);
    }

    [Fact]
    public void GuideTokens_OfTheEmbeddedVocabulary_SpellWhatTheyStandFor()
    {
        var tokens = new GuideTokens(FakeChat.Tokenizer);
        foreach (char mark in "\n.\")”’")
        {
            Assert.Equal(mark.ToString(), FakeChat.Tokenizer.Decode([tokens.Of(mark)!.Value]));
        }

        Assert.Equal(tokens.Of('\n'), tokens.ForBlankLine(1));
        Assert.Equal('\n', FakeChat.Tokenizer.Decode([tokens.ForBlankLine(0)!.Value])[0]);
        Assert.Null(tokens.ForBlankLine(2));
        Assert.Null(tokens.Of('x'));
    }

    /// <summary>The same text again and again; a newline that was put in between is no part of it.</summary>
    private static Action<IReadOnlyList<int>, float[]> Repeating(string text)
    {
        int[] unit = [.. FakeChat.Tokenizer.Encode(text, parseSpecialTokens: false)];
        return (ids, logits) => logits[unit[ids.Count(id => unit.Contains(id)) % unit.Length]] = 10;
    }

    /// <summary>The same with an end of turn after each time, against which the next time is 6 nats less likely.</summary>
    private static Action<IReadOnlyList<int>, float[]> EndingAfter(string text, float endLogit)
    {
        int[] unit = [.. FakeChat.Tokenizer.Encode(text, parseSpecialTokens: false)];
        Action<IReadOnlyList<int>, float[]> repeating = Repeating(text);
        return (ids, logits) =>
        {
            repeating(ids, logits);
            if (ids.Count > 0 && ids.Count(id => unit.Contains(id)) % unit.Length == 0)
            {
                (logits[FakeChat.EndOfTurn], logits[unit[0]]) = (endLogit, endLogit - 6);
            }
        };
    }
}
