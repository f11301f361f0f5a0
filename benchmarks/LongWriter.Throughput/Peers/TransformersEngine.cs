using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace LongWriter.Throughput.Peers;

/// <summary>
/// transformers.js beside others, as its users run it: generate() in a Node process, which reads a text as one line and answers with its times as another. It begins anew with each text, so nothing is kept.
/// </summary>
internal sealed class TransformersEngine : IPeerEngine
{
    private readonly Process process;
    private readonly string folder;

    private TransformersEngine(Process process, string folder, string weights) => (this.process, this.folder, Weights) = (process, folder, weights);

    public string Name => "transformers.js";

    public string Weights { get; }

    public string? Profile => null;

    /// <summary>Writes the model as transformers.js reads it, for as long as the engine lives.</summary>
    /// <exception cref="ArgumentException">The folder is not the package, its dependencies are not installed, or it cannot run the model.</exception>
    public static async Task<TransformersEngine> LoadAsync(ThroughputOptions options, ThroughputRun.Subject subject)
    {
        string script = Path.Combine(Path.GetFullPath(options.TransformersFolder!), "measure.mjs");
        if (!File.Exists(script) || !Directory.Exists(Path.Combine(options.TransformersFolder!, "node_modules")))
        {
            throw new ArgumentException($"--transformers must name the folder with measure.mjs, after `npm ci` in it, but is '{options.TransformersFolder}'.");
        }

        string folder = Path.Combine(Path.GetTempPath(), $"longwriter-{Environment.ProcessId}-transformers");
        Directory.CreateDirectory(folder);
        try
        {
            string type = TransformersFolder.Write(options.ModelFolder, folder, subject.Precision);
            var start = new ProcessStartInfo("node", ["--max-old-space-size=8192", script, folder, type, $"{options.Threads}"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
            start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
            var engine = new TransformersEngine(Start(start), folder, type);
            try
            {
                using JsonDocument ready = await engine.ReadAsync();
                return engine;
            }
            catch
            {
                engine.Dispose();
                throw;
            }
        }
        catch
        {
            DeleteFolder(folder);
            throw;
        }
    }

    public Task ForgetAsync() => Task.CompletedTask;

    public async Task<ForcedTimes> ForceAsync(int[] text, int promptTokens)
    {
        using JsonDocument answer = await AskAsync(text, promptTokens);
        return new ForcedTimes(answer.RootElement.GetProperty("toFirst").GetDouble(), answer.RootElement.GetProperty("fromFirst").GetDouble(), KeptTokens: 0);
    }

    public async Task<int[]> FindLikeliestAsync(int[] text, int from)
    {
        using JsonDocument answer = await AskAsync(text, from);
        return [.. answer.RootElement.GetProperty("likeliest").EnumerateArray().Select(id => id.GetInt32())];
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            process.Kill();
        }

        process.Dispose();
        DeleteFolder(folder);
    }

    private async Task<JsonDocument> AskAsync(int[] text, int promptTokens)
    {
        await process.StandardInput.WriteLineAsync($"{{\"text\":[{string.Join(',', text)}],\"promptTokens\":{promptTokens}}}");
        await process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    private async Task<JsonDocument> ReadAsync() =>
        await process.StandardOutput.ReadLineAsync() is { } line ? JsonDocument.Parse(line) : throw new ArgumentException("transformers.js ended without an answer; what it said is above.");

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ArgumentException($"--transformers needs node on the PATH but it did not start: {e.Message}", e);
        }
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
