using LongWriter.Onnx.Chat;
using LongWriter.Onnx.Chat.Length;
using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Chat.Length;

/// <summary>
/// Decodes one reply from logits that a test writes, with the engine's sampler and the client's text: a model without a model. The vocabulary is the
/// embedded model's.
/// </summary>
internal sealed class ScriptedReply
{
    public const int VocabSize = 4096;

    private ScriptedReply(string text, LengthEnd? windowEnd, bool isEndedByModel)
    {
        Text = text;
        WindowEnd = windowEnd;
        IsEndedByModel = isEndedByModel;
    }

    public string Text { get; }

    public LengthEnd? WindowEnd { get; }

    public bool IsEndedByModel { get; }

    /// <param name="window">Null for none.</param>
    /// <param name="fill">Writes the logits that follow the ids so far; they come as -10 each.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="maxTokens">Tokens at most.</param>
    public static ScriptedReply Decode(LengthWindow? window, Action<IReadOnlyList<int>, float[]> fill, SamplingOptions? sampling = null, int maxTokens = 3000)
    {
        LengthGuide? guide = window is null ? null : new LengthGuide(window, [FakeChat.EndOfTurn], new GuideTokens(FakeChat.Tokenizer));
        var sampler = new Sampler(VocabSize);
        SamplerState state = sampler.Begin(sampling ?? SamplingOptions.Greedy, [], guide);
        var reply = new ReplyText(FakeChat.Tokenizer, [], guide);
        string text = "";
        List<int> ids = [];
        float[] logits = new float[VocabSize];
        while (ids.Count < maxTokens && guide?.End is null)
        {
            logits.AsSpan().Fill(-10);
            fill(ids, logits);
            int id = sampler.Sample(logits, state);
            if (id == FakeChat.EndOfTurn)
            {
                return new ScriptedReply(text + reply.Flush(), null, isEndedByModel: true);
            }

            ids.Add(id);
            text += reply.Append(id);
        }

        return new ScriptedReply(text + reply.Flush(), guide?.End, isEndedByModel: false);
    }
}
