using LongWriter.Onnx.Chat;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Chat;

/// <summary>Clients over a <see cref="FakeEngine"/> with the tokenizer and template of the embedded model.</summary>
internal static class FakeChat
{
    public const int EndOfTurn = 2;

    public static Tokenizer Tokenizer { get; } = Tokenization.TokenizerVectors.Load("longwriter-tiny");

    public static ChatModel Model { get; } = new()
    {
        Name = "fake",
        Tokenizer = Tokenizer,
        Template = new ChatTemplateFile(ChatTemplate.Parse(ChatTemplateFile.ChatML, "ChatML"), new Dictionary<string, object?> { ["eos_token"] = "<|im_end|>" }),
        Generation = new GenerationConfig(new OnnxRequestOptions(), [EndOfTurn, 0]),
    };

    public static OnnxChatClient Client(FakeEngine engine, OnnxRequestOptions? defaults = null, long seed = 0, TimeProvider? timeProvider = null, ChatModel? model = null) =>
        new(engine, model ?? Model, new OnnxChatClientOptions
        {
            ModelFolder = "unused",
            Defaults = defaults ?? new OnnxRequestOptions(),
            Seed = seed,
            TimeProvider = timeProvider ?? TimeProvider.System,
        });

    /// <summary>An engine that answers every prompt with a text, encoded as usual.</summary>
    public static FakeEngine Says(string text) => new(_ => [.. Tokenizer.Encode(text, parseSpecialTokens: false), EndOfTurn]);

    /// <summary>Ids of <paramref name="text"/> as no tokenizer would choose them: one for each byte, as sampling may.</summary>
    public static int[] ByteIds(string text)
    {
        List<int> ids = [];
        foreach (byte unit in System.Text.Encoding.UTF8.GetBytes(text))
        {
            ids.Add(Enumerable.Range(0, Tokenizer.VocabularySize).First(id => Tokenizer.BytesOf(id, false) is [var only] && only == unit));
        }

        return [.. ids];
    }

    /// <summary>Words drawn by prompt and seed, then the end of the turn.</summary>
    public static IEnumerable<int> Draw(DecodingRequest request)
    {
        ulong state = (ulong)request.Sampling.Seed!.Value;
        foreach (int id in request.PromptIds.ToArray())
        {
            state = (state ^ (ulong)id) * 0x100000001B3;
        }

        for (int i = 0; i < 24; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            yield return 300 + (int)((state >> 33) % 3000);
        }

        yield return EndOfTurn;
    }

    public static ChatMessage User(string text) => new(ChatRole.User, text);

    public static ChatMessage Assistant(string text) => new(ChatRole.Assistant, text);
}
