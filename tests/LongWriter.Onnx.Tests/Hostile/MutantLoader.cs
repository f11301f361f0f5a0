using System.Diagnostics;
using System.Globalization;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Hostile;

/// <summary>The child of <see cref="HostileFilesTests"/>: loads mutants one after the other and writes a line before and after each.</summary>
public sealed class MutantLoader
{
    internal const string FolderVariable = "LONGWRITER_TEST_MUTANT_FOLDER";
    internal const string BatchVariable = "LONGWRITER_TEST_MUTANTS";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(20);

    [Fact(Explicit = true)]
    public async Task Child_LoadsMutants()
    {
        string root = Environment.GetEnvironmentVariable(FolderVariable)!;
        MutantBatch batch = MutantBatch.Parse(Environment.GetEnvironmentVariable(BatchVariable)!);
        string original = Path.Combine(root, batch.Kind == MutantKind.Source ? MutantFolders.Source : MutantFolders.Export);
        string mutant = Path.Combine(root, "mutant");
        string cache = Path.Combine(root, "cache");
        await using var results = new StreamWriter(Path.Combine(root, "results.txt"), append: true) { AutoFlush = true };
        for (int number = batch.From; number < batch.Count; number++)
        {
            MutantFolders.Copy(original, mutant);
            string change = new Mutator(batch.Seed, number).Change(mutant, batch.Kind);
            await results.WriteLineAsync(FormattableString.Invariant($"begin {number} {change}"));

            // A mutant that hangs or eats memory ends the process, and the missing line tells which it was.
            var time = Stopwatch.StartNew();
            using var watch = new Timer(_ => Watch(time), null, WatchInterval, WatchInterval);
            string outcome = await OutcomeAsync(mutant, cache);
            await results.WriteLineAsync(FormattableString.Invariant($"end {number} {PeakKb()} {change}: {outcome}"));
            if (Directory.Exists(cache))
            {
                Directory.Delete(cache, recursive: true);
            }
        }
    }

    private static void Watch(Stopwatch time)
    {
        if (time.Elapsed > Deadline || PeakKb() > HostileFilesTests.LargestPeakKb)
        {
            Environment.FailFast(FormattableString.Invariant($"The mutant took {time.Elapsed.TotalSeconds:0.0} s and {PeakKb() / 1024} MB."));
        }
    }

    private static async Task<string> OutcomeAsync(string folder, string cache)
    {
        try
        {
            using OnnxChatClient client = OnnxChatClient.Load(new OnnxChatClientOptions
            {
                ModelFolder = folder,
                CacheFolder = cache,
                Slots = 1,
                Runtime = new OnnxRuntimeOptions { IntraOpThreads = 1, AllowSpinning = false },
            });
            return $"loaded, {await ReplyAsync(client)}";
        }
        catch (Exception e) when (e is ArgumentException or ModelFormatException or TokenizerFormatException or ChatTemplateException or OnnxRuntimeException or IOException)
        {
            // ArgumentException is documented for options, and these are sound; its subclasses would be slips of ours.
            string verdict = e is ArgumentException ? "UNDOCUMENTED " : "";
            return $"{verdict}{OneLine(e)}";
        }
        catch (Exception e)
        {
            return $"UNDOCUMENTED {OneLine(e)} {e.StackTrace?.Split('\n')[0]}";
        }
    }

    private static async Task<string> ReplyAsync(OnnxChatClient client)
    {
        try
        {
            ChatResponse reply = await client.GetResponseAsync("A lamp.", new ChatOptions { MaxOutputTokens = 3, Temperature = 0 });
            return $"replied {reply.FinishReason}";
        }
        catch (Exception e) when (e is ContextBudgetException or OnnxRuntimeException or ChatTemplateException || e.GetType() == typeof(InvalidOperationException))
        {
            return $"refused {OneLine(e)}";
        }
        catch (Exception e)
        {
            return $"UNDOCUMENTED in a call {OneLine(e)} {e.StackTrace?.Split('\n')[0]}";
        }
    }

    private static string OneLine(Exception e)
    {
        string text = $"{e.GetType().Name} {e.Message}".ReplaceLineEndings(" ");
        return text[..Math.Min(text.Length, 300)];
    }

    private static long PeakKb()
    {
        string? line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").FirstOrDefault(status => status.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return line is null ? Environment.WorkingSet / 1024 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
