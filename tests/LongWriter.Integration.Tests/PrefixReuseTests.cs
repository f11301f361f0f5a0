using System.Globalization;
using LongWriter.Onnx.Chat;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Integration.Tests;

/// <summary>What a document costs in prompt tokens computed, on the embedded model. Its context holds 2,048 tokens.</summary>
[Collection(nameof(LocalModel))]
public sealed class PrefixReuseTests(LocalModel model)
{
    private const int Sections = 20;

    /// <summary>The token that ends a turn, as models/longwriter-tiny/config.json names it.</summary>
    private const int EndOfTurn = 2;

    [Fact]
    public async Task WriteAsync_TwentySampledSectionsThatFitTheContext_PrefillAtMostTheDistinctTokens()
    {
        using MeteredChatClient client = model.Open();
        WrittenDocument document = await new AgentWriter(client, Documents.Options(await ShortRepliesAsync(client)))
            .WriteAsync(Documents.Planned(Sections, words: 20, seed: 7_000), null, Documents.Stop);

        Assert.Null(document.Failure);
        Assert.Equal(Sections, document.Sections.Count);
        Assert.DoesNotContain(document.Notes, note => note.Kind == WritingNoteKind.ContextDropped);

        // The conversation only grows, so the last prompt has every token that was ever in one.
        long distinct = client.Ended[^1].InputTokens;
        Documents.Print(Cost(client, distinct));
        Assert.InRange(client.PrefilledTokens, 1, (long)(1.05 * distinct));

        // Stricter: a part of them the model wrote itself, and what it wrote it need not read. Replies that were encoded anew would show here.
        ITokenCounter counter = client.GetService<ITokenCounter>()!;
        long given = distinct - document.Sections.SkipLast(1).Sum(section => (long)counter.CountTokens(section.Text));
        Documents.Print(Cost(client, given));
        Assert.InRange(client.PrefilledTokens, 1, (long)(1.05 * given));
    }

    [Fact]
    public async Task WriteAsync_DocumentLongerThanTheContext_IsWholeAndSaysWhatWasLeftOut()
    {
        using MeteredChatClient client = model.Open();
        WrittenDocument document = await new AgentWriter(client, Documents.Options(new ChatOptions { MaxOutputTokens = 400 }))
            .WriteAsync(Documents.Planned(20, words: 120, seed: 8_000), null, Documents.Stop);

        Assert.Null(document.Failure);
        Assert.Equal(20, document.Sections.Count);
        Assert.All(document.Sections, section => Assert.False(string.IsNullOrWhiteSpace(section.Text)));
        Assert.Contains(document.Notes, note => note.Kind == WritingNoteKind.ContextDropped);
        Documents.Print($"Windowed: {Cost(client, client.Ended.Sum(call => call.InputTokens))}");
    }

    /// <summary>
    /// Temperature 1 over the whole distribution, but leaning towards a full stop and the end of the turn: this model writes a hundred words
    /// where twenty are asked for, and twenty such sections would not fit its context.
    /// </summary>
    private static async Task<ChatOptions> ShortRepliesAsync(MeteredChatClient client)
    {
        IReadOnlyList<TokenLogProbability> sentence = await client.GetService<ITokenLogProbabilities>()!.GetLogProbabilitiesAsync("It was late.", Documents.Stop);
        var lean = new OnnxRequestOptions { LogitBias = new Dictionary<int, float> { [EndOfTurn] = 5, [sentence[^1].Id] = 3 } };
        return new ChatOptions { Temperature = 1, TopP = 1, MaxOutputTokens = 60, RawRepresentationFactory = _ => lean };
    }

    private static string Cost(MeteredChatClient client, long tokens) => string.Create(
        CultureInfo.InvariantCulture,
        $"{client.Ended.Count} calls prefilled {client.PrefilledTokens} tokens, {client.PrefilledTokens / (double)tokens:F3} of {tokens}, and generated {client.Ended.Sum(call => call.OutputTokens)}.");
}
