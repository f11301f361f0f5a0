using System.Diagnostics;
using LongWriter.Onnx;
using LongWriter.Onnx.Export;
using Microsoft.Extensions.AI;

// The reproducible and the fast profile, side by side on the small model of this repository: how fast each writes one text, and whether four texts at once are
// those that come one after the other.
//   dotnet run -c Release --project samples/FastProfile
foreach ((string name, ExportOptions export) in new[] { ("reproducible, 8 bits", ExportOptions.Reproducible), ("fast, 4 bits", ExportOptions.Fast) })
{
    using OnnxChatClient client = OnnxChatClient.Load(new OnnxChatClientOptions
    {
        ModelFolder = Path.Combine(AppContext.BaseDirectory, "models", "longwriter-tiny"),
        Export = export,
    });
    await Write(client, seed: 0);
    long begin = Stopwatch.GetTimestamp();
    ChatResponse one = await Write(client, seed: 1);
    double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;

    string[] inTurn = new string[4];
    for (int i = 0; i < inTurn.Length; i++)
    {
        inTurn[i] = (await Write(client, seed: i)).Text;
    }

    ChatResponse[] together = await Task.WhenAll(Enumerable.Range(0, inTurn.Length).Select(i => Write(client, seed: i)));
    Console.WriteLine(
        $"{name}: {one.Usage!.OutputTokenCount / seconds:F0} tokens/s; four at once give the same texts: {inTurn.SequenceEqual(together.Select(reply => reply.Text))}"
        + $" (promised: {export.IsReproducible})");
}

static Task<ChatResponse> Write(OnnxChatClient client, int seed) => client.GetResponseAsync(
    [new ChatMessage(ChatRole.User, "Write a story about a lighthouse.")], new ChatOptions { Seed = seed, MaxOutputTokens = 400, Temperature = 0.85f });
