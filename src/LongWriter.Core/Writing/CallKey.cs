using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>
/// The identity of a call: a hash of everything that shapes its reply (messages, options, model, and which try it is).
/// A journaled reply is used again only for the same key, so a changed plan, prompt or option never picks up stale text.
/// </summary>
internal static class CallKey
{
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options of the call.</param>
    /// <param name="model">The model, where the options do not name one.</param>
    /// <param name="attempt">Tells tries with the same inputs apart.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(IReadOnlyList<ChatMessage> messages, ChatOptions options, string? model, int attempt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(options.ModelId ?? model ?? "");
        Add(string.Create(CultureInfo.InvariantCulture, $"{attempt}"));
        Add(string.Create(CultureInfo.InvariantCulture,
            $"{options.Temperature}|{options.TopP}|{options.TopK}|{options.MaxOutputTokens}|{options.Seed}|{options.FrequencyPenalty}|{options.PresencePenalty}"));
        Add(options.Instructions ?? "");
        AddCount(options.StopSequences?.Count ?? 0);
        foreach (string stop in options.StopSequences ?? [])
        {
            Add(stop);
        }

        Add(options.ResponseFormat is ChatResponseFormatJson json ? json.Schema?.GetRawText() ?? "json" : "text");
        Add(options.Reasoning is { } reasoning ? $"{reasoning.Effort}|{reasoning.Output}" : "");
        AddCount(options.AdditionalProperties?.Count ?? 0);
        foreach ((string name, object? value) in (options.AdditionalProperties ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(name);
            AddValue(value);
        }

        foreach (ChatMessage message in messages)
        {
            Add(message.Role.Value);
            Add(message.Text);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void AddCount(int count) => Add(string.Create(CultureInfo.InvariantCulture, $"{count}"));

        // What is in a list counts, not that it is one.
        void AddValue(object? value)
        {
            switch (value)
            {
                case DictionaryEntry entry:
                    AddValue(entry.Key);
                    AddValue(entry.Value);
                    break;
                case IDictionary map:
                    AddCount(map.Count);
                    foreach (DictionaryEntry entry in map)
                    {
                        AddValue(entry);
                    }

                    break;
                case IEnumerable list and not string:
                    object?[] items = [.. list.Cast<object?>()];
                    AddCount(items.Length);
                    Array.ForEach(items, AddValue);
                    break;
                default:
                    Add(value is null ? "" : $"{value.GetType().Name}:{Convert.ToString(value, CultureInfo.InvariantCulture)}");
                    break;
            }
        }

        // Length first, so that no two different lists of fields give the same bytes.
        void Add(string field)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(field);
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
