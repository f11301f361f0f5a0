using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Chat;

/// <summary>The prompt of a call.</summary>
/// <param name="Ids">Its ids.</param>
/// <param name="Key">What its reply is remembered by.</param>
/// <param name="Replies">Which of the ids replies were generated with: first and end of each.</param>
internal sealed record RenderedPrompt(int[] Ids, PromptKey Key, IReadOnlyList<(int First, int End)> Replies);

/// <summary>
/// From messages to ids by the model's template. Special tokens come from the template alone. Replies that this client generated keep their ids;
/// everything else is encoded, so a new process, which has generated nothing yet, may give other ids for the same conversation.
/// </summary>
internal sealed class PromptRenderer
{
    private readonly Tokenizer tokenizer;
    private readonly ChatTemplateFile file;
    private readonly SegmentCache segments;
    private readonly TimeProvider timeProvider;
    private readonly MarkedText marks;
    private readonly bool trimsReplies;

    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="file">The model's template.</param>
    /// <param name="endTokenIds">Tokens that end a reply; message texts cannot contain them even if the tokenizer does not call them special.</param>
    /// <param name="segments">Replies generated so far.</param>
    /// <param name="timeProvider">The clock of templates that state the date.</param>
    public PromptRenderer(
        Tokenizer tokenizer, ChatTemplateFile file, IEnumerable<int> endTokenIds, SegmentCache segments, TimeProvider timeProvider)
    {
        (this.tokenizer, this.file, this.segments, this.timeProvider) = (tokenizer, file, segments, timeProvider);
        IEnumerable<string> ends = endTokenIds.Select(id => tokenizer.Decode([id])).Where(text => text.Length > 0);
        marks = new MarkedText(tokenizer.SpecialTokens.Keys.Concat(ends));
        trimsReplies = TrimsReplies();
    }

    /// <summary>Renders a prompt that ends where the assistant's next message begins.</summary>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, or makes nothing of it.</exception>
    public RenderedPrompt Render(IReadOnlyList<ChatTemplateMessage> messages, IReadOnlyDictionary<string, object?>? variables)
    {
        string rendered = file.Template.Render(
            messages.Select(message => new ChatTemplateMessage(marks.Escape(message.Role), IsReply(message) ? marks.EscapeReply(message.Content, trimsReplies) : marks.Escape(message.Content))),
            addGenerationPrompt: true, Merge(variables), timeProvider);
        RenderedPrompt prompt = Encode(rendered);
        return prompt.Ids.Length > 0 ? prompt : throw new ChatTemplateException("The chat template gives no tokens for the conversation: expected one or more.", line: 1);
    }

    private RenderedPrompt Encode(string rendered)
    {
        using var key = new PromptKeyBuilder();
        List<int> ids = [];
        List<(int First, int End)> replies = [];
        int position = 0;
        while (rendered.IndexOf(MarkedText.Start, position) is >= 0 and int start)
        {
            EncodeText(rendered[position..start], ids);
            position = start + 1;
            int end = rendered.IndexOf(MarkedText.End, position);
            string reply = MarkedText.Unescape(rendered[position..(end < 0 ? rendered.Length : end)]);
            int first = ids.Count;
            ids.AddRange(segments.Find(key.KeyOf(ids), reply, out int charCount));
            if (ids.Count > first)
            {
                replies.Add((first, ids.Count));
            }

            position = Skip(rendered, position, charCount);
        }

        EncodeText(rendered[position..], ids);
        return new RenderedPrompt([.. ids], key.KeyOf(ids), replies);
    }

    private void EncodeText(string text, List<int> ids)
    {
        foreach (string piece in text.Replace(MarkedText.End.ToString(), "", StringComparison.Ordinal).Split(MarkedText.Barrier))
        {
            tokenizer.EncodeNext(piece, ids);
        }
    }

    /// <summary>The place behind <paramref name="charCount"/> characters of the message, barriers not counted.</summary>
    private static int Skip(string rendered, int position, int charCount)
    {
        while (charCount > 0)
        {
            charCount -= rendered[position++] == MarkedText.Barrier ? 0 : 1;
        }

        return position;
    }

    private static bool IsReply(ChatTemplateMessage message) => message.Role == "assistant";

    private Dictionary<string, object?> Merge(IReadOnlyDictionary<string, object?>? variables)
    {
        var merged = new Dictionary<string, object?>(file.Variables);
        foreach ((string name, object? value) in variables ?? new Dictionary<string, object?>())
        {
            merged[name] = value;
        }

        return merged;
    }

    /// <summary>Asks the template, once, whether the white space around a reply survives it.</summary>
    private bool TrimsReplies()
    {
        const string Probe = " \n probe \n ";
        try
        {
            return !file.Template
                .Render([new("user", "x"), new("assistant", Probe), new("user", "x")], addGenerationPrompt: true, file.Variables, timeProvider)
                .Contains(Probe, StringComparison.Ordinal);
        }
        catch (ChatTemplateException)
        {
            // A template with rules of its own: marks inside the white space are right either way, they only find less.
            return true;
        }
    }
}
