using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Chat.Trunks;

/// <summary>Takes the keys and values of a conversation out of the engine and back, with the tokens of its replies.</summary>
/// <param name="engine">Keeps them.</param>
/// <param name="tokenizer">Turns the tokens of replies back into text.</param>
/// <param name="renderer">Says which tokens a conversation is.</param>
/// <param name="segments">Remembers the tokens of replies.</param>
/// <param name="map">Checks options as a call does, and gives the template's variables.</param>
internal sealed class DocumentTrunk(
    IDecodingEngine engine, Tokenizer tokenizer, PromptRenderer renderer, SegmentCache segments, Func<ChatOptions?, ChatRequest> map) : IDocumentTrunk
{
    /// <summary>Tokens of a record: some megabytes of keys and values at a time.</summary>
    private const int RecordTokens = 256;

    private readonly Lock gate = new();
    private (string Path, int[] Ids, TrunkPlace Place)? last;

    public Task<int> SaveAsync(string path, IEnumerable<ChatMessage> conversation, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(conversation);
        List<ChatTemplateMessage> messages = ConversationMapper.Map(conversation, options?.Instructions);
        ChatRequest request = map(options);
        return Task.Run(() => SaveAsync(path, renderer.Render(messages, request.TemplateVariables), cancellationToken), cancellationToken);
    }

    public Task<int> RestoreAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Task.Run(() => RestoreFileAsync(path, cancellationToken), cancellationToken);
    }

    private async Task<int> SaveAsync(string path, RenderedPrompt prompt, CancellationToken cancellationToken)
    {
        if (engine.KvTokenBytes == 0)
        {
            return 0;
        }

        using TrunkFile file = OpenAtCommonEnd(path, prompt.Ids, out int saved);
        byte[] kv = new byte[checked(RecordTokens * engine.KvTokenBytes)];
        while (saved < prompt.Ids.Length)
        {
            int wanted = Math.Min(RecordTokens, prompt.Ids.Length - saved);
            int read = await engine.ReadKvAsync(prompt.Ids, saved, kv.AsMemory(0, wanted * engine.KvTokenBytes), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            int end = saved + read;
            file.Write(new TrunkRecord(saved, prompt.Ids[saved..end], [.. prompt.Replies.Where(reply => reply.First < end)], kv[..(read * engine.KvTokenBytes)]));
            saved = end;
        }

        lock (gate)
        {
            last = (path, prompt.Ids[..saved], file.Place);
        }

        return saved;
    }

    /// <summary>The file, behind its last record that is a beginning of the text.</summary>
    private TrunkFile OpenAtCommonEnd(string path, int[] ids, out int saved)
    {
        TrunkFile? file = TrunkFile.Open(path, engine.KvIdentity, engine.KvTokenBytes);
        lock (gate)
        {
            if (file is not null && last is { } known && known.Path == path && ids.AsSpan().StartsWith(known.Ids) && file.TryContinue(known.Place))
            {
                saved = known.Ids.Length;
                return file;
            }
        }

        saved = 0;
        bool isFirst = true;
        while (file is not null && file.TryRead(out TrunkRecord? record))
        {
            if (record.From == saved && record.Ids.AsSpan().SequenceEqual(ids.AsSpan(saved, Math.Min(record.Ids.Length, ids.Length - saved))))
            {
                saved += record.Ids.Length;
                isFirst = false;
                continue;
            }

            // It goes on otherwise. What agrees is read again, to stand where it belongs.
            file.Dispose();
            file = isFirst ? null : Behind(path, saved);
            break;
        }

        return file ?? TrunkFile.Create(path, engine.KvIdentity, engine.KvTokenBytes);
    }

    private TrunkFile Behind(string path, int tokens)
    {
        TrunkFile file = TrunkFile.Open(path, engine.KvIdentity, engine.KvTokenBytes)!;
        while (tokens > 0 && file.TryRead(out TrunkRecord? record))
        {
            tokens -= record.Ids.Length;
        }

        return file;
    }

    private async Task<int> RestoreFileAsync(string path, CancellationToken cancellationToken)
    {
        if (engine.KvTokenBytes == 0 || TrunkFile.Open(path, engine.KvIdentity, engine.KvTokenBytes) is not { } file)
        {
            return 0;
        }

        using (file)
        {
            List<int> ids = [];
            (int First, int End)[] replies = [];
            while (file.TryRead(out TrunkRecord? record) && record.From == ids.Count && ids.Count + record.Ids.Length < engine.ContextTokens && record.Ids.All(id => id >= 0 && id < engine.VocabSize))
            {
                int[] until = [.. ids, .. record.Ids];
                if (!await engine.WriteKvAsync(until, record.From, record.Kv, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }

                ids.AddRange(record.Ids);
                replies = record.Replies;
            }

            Remember([.. ids], replies);
            return ids.Count;
        }
    }

    /// <summary>With other tokens the text would not be the one that there are keys and values for.</summary>
    private void Remember(int[] ids, (int First, int End)[] replies)
    {
        using var key = new PromptKeyBuilder();
        int behind = 0;
        foreach ((int first, int end) in replies)
        {
            if (first < behind || end <= first || first >= ids.Length)
            {
                return;
            }

            behind = end;
            var text = new ReplyText(tokenizer, []);
            foreach (int id in ids.AsSpan(first, Math.Min(end, ids.Length) - first))
            {
                text.Append(id);
            }

            text.Flush();
            segments.Add(key.KeyOf([.. ids[..first]]), text.ToSegment());
        }
    }
}
