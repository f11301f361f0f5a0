using System.Threading.Channels;
using LongWriter.Onnx.Chat.Length;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Chat;

/// <summary>Generates one reply after the other or many at once: render, decode, cut at stop strings, remember.</summary>
internal sealed class ReplyGenerator(
    IDecodingEngine engine, Tokenizer tokenizer, PromptRenderer renderer, SegmentCache segments, IReadOnlyList<int> endTokenIds)
{
    private readonly GuideTokens guideTokens = new(tokenizer);

    /// <summary>Writes the reply's text to <paramref name="pieces"/> and completes it, however the reply ends.</summary>
    /// <exception cref="ContextBudgetException">The prompt leaves no room for a token.</exception>
    public async Task<ReplyEnding> GenerateAsync(
        IReadOnlyList<ChatTemplateMessage> messages, ChatRequest request, ChannelWriter<string> pieces, CancellationToken cancellationToken)
    {
        LengthGuide? guide = request.Window is { } window ? new LengthGuide(window, endTokenIds, guideTokens) : null;
        var reply = new ReplyText(tokenizer, request.StopSequences, guide);
        RenderedPrompt? prompt = null;
        try
        {
            prompt = renderer.Render(messages, request.TemplateVariables);
            int maxNewTokens = MaxNewTokens(RoomFor(prompt), request.MaxOutputTokens);
            var decoding = new DecodingRequest(prompt.Ids, request.Sampling, maxNewTokens, endTokenIds) { LogitsProcessor = guide };
            DecodingResult result = await engine.DecodeAsync(decoding, Accept, cancellationToken).ConfigureAwait(false);
            Write(reply.Flush());
            return new ReplyEnding(result, reply.IsStopped, guide?.End, maxNewTokens, request.MaxOutputTokens, request.Sampling.Seed!.Value);
        }
        finally
        {
            if (prompt is not null)
            {
                // Of a reply that was broken off, too: who breaks it off may go on from its beginning.
                segments.Add(prompt.Key, reply.ToSegment());
            }

            pieces.TryComplete();
        }

        bool Accept(int id)
        {
            Write(reply.Append(id));
            return !reply.IsStopped && guide?.End is null;
        }

        void Write(string piece)
        {
            if (piece.Length > 0)
            {
                pieces.TryWrite(piece);
            }
        }
    }

    /// <summary>A window slides for who said how far; a reply without a limit might never end.</summary>
    private int MaxNewTokens(int room, int? requested) => requested is { } tokens && (tokens < room || engine.SlidesWindow) ? tokens : room;

    private int RoomFor(RenderedPrompt prompt)
    {
        int room = engine.ContextTokens - prompt.Ids.Length;
        return room > 0 ? room : throw new ContextBudgetException(
            $"The prompt must leave room for a token in the context of {engine.ContextTokens} tokens but has {prompt.Ids.Length}.",
            prompt.Ids.Length + 1, engine.ContextTokens);
    }
}
