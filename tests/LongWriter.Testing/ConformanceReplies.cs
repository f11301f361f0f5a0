using Microsoft.Extensions.AI;
using static LongWriter.Testing.ChatClientConformance;

namespace LongWriter.Testing;

/// <summary>Checks of what comes back.</summary>
internal static class ConformanceReplies
{
    public static async Task WholeIsFoldedStream(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        var options = new ChatOptions { Seed = 3 };
        ChatResponse whole = await subject.Client.GetResponseAsync(subject.Prompt(1), options, cancellationToken);
        ChatResponse folded = (await subject.ReadAllAsync(subject.Prompt(1), options, cancellationToken)).ToChatResponse();
        Require(whole.Text.Length > 0, $"The reply must have text but is empty.");
        Require(whole.Text == folded.Text, $"The whole reply must be the folded stream '{folded.Text}' but is '{whole.Text}'.");
        Require(whole.FinishReason == folded.FinishReason, $"The finish reason must be {folded.FinishReason} but is {whole.FinishReason}.");
        Require(
            whole.Usage?.OutputTokenCount == folded.Usage?.OutputTokenCount,
            $"The output tokens must be {folded.Usage?.OutputTokenCount} but are {whole.Usage?.OutputTokenCount}.");
        Require(whole.Messages is [{ Role: var role }] && role == ChatRole.Assistant, $"There must be one message, of the assistant.");
    }

    public static async Task FinishAndIdentity(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        List<ChatResponseUpdate> updates = await subject.ReadAllAsync(subject.KnownPrompt, null, cancellationToken);
        Require(updates[^1].FinishReason == ChatFinishReason.Stop, $"The last update's finish reason must be stop but is {updates[^1].FinishReason}.");
        Require(updates.SkipLast(1).All(update => update.FinishReason is null), $"Only the last update may have a finish reason.");
        Require(updates.All(update => update.Role == ChatRole.Assistant || update.Role is null), $"Every update must be the assistant's.");
        Require(!string.IsNullOrEmpty(updates[0].ResponseId), $"The updates must have a response id.");
        Require(updates.All(update => update.ResponseId == updates[0].ResponseId), $"All updates must have the same response id.");
        Require(updates.All(update => !string.IsNullOrEmpty(update.ModelId)), $"Every update must name the model.");
        List<ChatResponseUpdate> again = await subject.ReadAllAsync(subject.KnownPrompt, null, cancellationToken);
        Require(updates[0].ResponseId != again[0].ResponseId, $"Two replies must have different response ids.");
    }

    public static async Task UsageSums(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        List<ChatResponseUpdate> updates = await subject.ReadAllAsync(subject.KnownPrompt, null, cancellationToken);
        UsageContent[] usages = [.. updates.SelectMany(update => update.Contents).OfType<UsageContent>()];
        Require(usages.Length == 1 && updates[^1].Contents.Contains(usages[0]), $"The last update, and no other, must have the usage; {usages.Length} updates have one.");
        UsageDetails usage = usages[0].Details;
        Require(usage.InputTokenCount > 0 && usage.OutputTokenCount > 0, $"Input and output tokens must be above 0 but are {usage.InputTokenCount} and {usage.OutputTokenCount}.");
        Require(
            usage.TotalTokenCount == usage.InputTokenCount + usage.OutputTokenCount,
            $"The total must be {usage.InputTokenCount + usage.OutputTokenCount} but is {usage.TotalTokenCount}.");
        Require((usage.CachedInputTokenCount ?? 0) <= usage.InputTokenCount, $"Cached input tokens are input tokens, but {usage.CachedInputTokenCount} are more than {usage.InputTokenCount}.");
    }

    public static async Task CharactersStayWhole(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        List<ChatResponseUpdate> updates = await subject.ReadAllAsync(subject.KnownPrompt, null, cancellationToken);
        string text = string.Concat(updates.Select(update => update.Text));
        Require(text == subject.KnownText, $"The reply must be '{subject.KnownText}' but is '{text}'.");
        foreach (string piece in updates.Select(update => update.Text).Where(piece => piece.Length > 0))
        {
            Require(!char.IsLowSurrogate(piece[0]) && !char.IsHighSurrogate(piece[^1]), $"An update must not split a surrogate pair.");
        }
    }

    /// <summary>Every stop string that the known text contains, wherever it lies, ends the reply before it.</summary>
    public static async Task StopStringsAnywhere(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        string text = subject.KnownText;
        for (int start = 1; start + 5 <= text.Length; start++)
        {
            string stop = text.Substring(start, 5);
            if (char.IsLowSurrogate(stop[0]) || char.IsHighSurrogate(stop[^1]))
            {
                continue;
            }

            string expected = text[..text.IndexOf(stop, StringComparison.Ordinal)];
            var options = new ChatOptions { StopSequences = ["never in any text", stop] };
            List<ChatResponseUpdate> updates = await subject.ReadAllAsync(subject.KnownPrompt, options, cancellationToken);
            string found = string.Concat(updates.Select(update => update.Text));
            Require(found == expected, $"With the stop string '{stop}' the reply must be '{expected}' but is '{found}'.");
            Require(updates[^1].FinishReason == ChatFinishReason.Stop, $"With the stop string '{stop}' the finish reason must be stop but is {updates[^1].FinishReason}.");
        }

        string almost = await subject.TextAsync(subject.KnownPrompt, new ChatOptions { StopSequences = [text[^3..] + "x"] }, cancellationToken);
        Require(almost == text, $"A stop string that only begins in the text must leave it '{text}' but it is '{almost}'.");
    }

    public static async Task OutputLimit(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        ChatResponse cut = await subject.Client.GetResponseAsync(subject.EndlessPrompt, new ChatOptions { MaxOutputTokens = 3 }, cancellationToken);
        Require(cut.FinishReason == ChatFinishReason.Length, $"The finish reason at the limit must be length but is {cut.FinishReason}.");
        Require(cut.Usage?.OutputTokenCount == 3, $"The output tokens at the limit must be 3 but are {cut.Usage?.OutputTokenCount}.");
    }

    public static async Task SeedReplay(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        string first = await subject.TextAsync(subject.Prompt(2), new ChatOptions { Seed = 11 }, cancellationToken);
        string again = await subject.TextAsync(subject.Prompt(2), new ChatOptions { Seed = 11 }, cancellationToken);
        string other = await subject.TextAsync(subject.Prompt(2), new ChatOptions { Seed = 12 }, cancellationToken);
        string negative = await subject.TextAsync(subject.Prompt(2), new ChatOptions { Seed = long.MinValue }, cancellationToken);
        Require(first == again, $"The same seed must give '{first}' again but gives '{again}'.");
        Require(first != other || first != negative, $"Other seeds must give another reply but give '{first}' again.");
    }
}
