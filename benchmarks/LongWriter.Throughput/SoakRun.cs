using System.Globalization;
using LongWriter.Onnx;

namespace LongWriter.Throughput;

/// <summary>
/// Many callers of one client at once, for minutes: replies of different lengths, callers who cancel, who leave in the middle, who ask for what is refused.
/// Every text is compared with the one that the same request gets alone, and the memory is watched.
/// </summary>
internal static class SoakRun
{
    private const int Callers = 200;
    private const int Requests = 40;

    /// <summary>False when something was wrong; <paramref name="output"/> then has it.</summary>
    public static async Task<bool> RunAsync(ThroughputOptions options, TimeSpan duration, TextWriter output)
    {
        using OnnxChatClient client = OnnxChatClient.Load(new OnnxChatClientOptions
        {
            ModelFolder = options.ModelFolder,
            CacheFolder = options.CacheFolder,
            MaxConcurrentSequences = 8,
            Runtime = new() { IntraOpThreads = options.Threads },
        });
        string[] expected = new string[Requests];
        for (int i = 0; i < Requests; i++)
        {
            expected[i] = (await client.GetResponseAsync(SoakCaller.Messages(i), SoakCaller.Options(i))).Text;
        }

        using var over = new CancellationTokenSource(duration);
        SoakCaller[] callers = [.. Enumerable.Range(0, Callers).Select(seed => new SoakCaller(client, expected, seed))];
        Task all = Task.WhenAll(callers.Select(caller => Task.Run(() => caller.RunAsync(over.Token))));
        while (await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(30))) != all)
        {
            Print(output, callers);
        }

        await all;
        Print(output, callers);
        string[] wrong = [.. callers.SelectMany(caller => caller.Wrong)];
        await output.WriteLineAsync(wrong.Length == 0 ? "No text was wrong, and every call came back." : string.Join(Environment.NewLine, wrong.Take(20)));
        return wrong.Length == 0;
    }

    private static void Print(TextWriter output, SoakCaller[] callers) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{callers.Sum(caller => caller.Completed)} whole replies, {callers.Sum(caller => caller.BrokenOff)} broken off, {callers.Sum(caller => caller.Refused)} refused, {callers.Sum(caller => caller.Wrong.Count)} wrong; managed {GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:F1} MiB, process {Environment.WorkingSet / 1048576.0:F0} MiB."));
}
