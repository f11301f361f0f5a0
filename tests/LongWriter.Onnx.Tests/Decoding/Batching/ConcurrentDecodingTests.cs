using System.Text.Json.Nodes;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding.Batching;

/// <summary>Many requests at once give what they give one after the other, whatever becomes of the others.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class ConcurrentDecodingTests(ExportedEmbeddedModel model)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    public async Task DecodeAsync_MixedLengthsAtOnce_EqualOneByOne(int concurrent, bool random)
    {
        int vocabSize = random ? 96 : 4096;
        Request[] requests = [.. Enumerable.Range(0, 20).Select(i => new Request(
            Prompt(3 + 23 * (i % 6), i, vocabSize), 5 + 9 * (i % 4), i % 3 == 0 ? SamplingOptions.Greedy : Sampled(i)))];
        using DecodingEngine engine = model.Load(chunkTokens: 32, random: random, concurrent: concurrent);

        int[][] tokens = await Task.WhenAll(requests.Select(request => request.Decode(engine)));

        Assert.Equal(await OneByOne(requests, random), tokens);
    }

    [Fact]
    public async Task DecodeAsync_RequestsThatJoinWhileOthersGoOn_ChangeNothing()
    {
        Request trunk = new(Prompt(200, 1), 120, Sampled(1));
        Request[] others = [.. Enumerable.Range(0, 12).Select(i => new Request([.. trunk.Prompt[..(15 * i)], .. Prompt(20, i + 10)], 6 + i, Sampled(i)))];
        using DecodingEngine engine = model.Load(chunkTokens: 16);
        List<Task<int[]>> joined = [];
        List<int> tokens = [];

        await engine.DecodeAsync(
            trunk.ToDecodingRequest(),
            token =>
            {
                tokens.Add(token);
                if (tokens.Count % 8 == 0 && joined.Count < others.Length)
                {
                    joined.Add(others[joined.Count].Decode(engine));
                }

                return true;
            },
            Token);

        Assert.Equal(await OneByOne([trunk, .. others]), [[.. tokens], .. await Task.WhenAll(joined)]);
    }

    [Fact]
    public async Task DecodeAsync_SomeAreCancelledInTheBatch_TheOthersGoOn()
    {
        Request[] requests = [.. Enumerable.Range(0, 8).Select(i => new Request(Prompt(20 + i, i), 60, Sampled(i)))];
        using DecodingEngine engine = model.Load(concurrent: 8);
        Task<int[]>[] running = [.. requests.Select(async (request, i) =>
        {
            using var cancellation = new CancellationTokenSource();
            List<int> tokens = [];
            Task<DecodingResult> decoding = engine.DecodeAsync(
                request.ToDecodingRequest(),
                token =>
                {
                    tokens.Add(token);
                    if (i % 2 == 0 && tokens.Count == 10 + i)
                    {
                        cancellation.Cancel();
                    }

                    return true;
                },
                cancellation.Token);
            await (i % 2 == 0 ? Assert.ThrowsAnyAsync<OperationCanceledException>(() => decoding) : (Task)decoding);
            return tokens.ToArray();
        })];

        int[][] tokens = await Task.WhenAll(running);

        int[][] expected = await OneByOne(requests);
        Assert.Equal(expected.Select((text, i) => i % 2 == 0 ? text[..(10 + i)] : text), tokens);
    }

    [Fact]
    public async Task DecodeAsync_SomeCallersThrow_OnlyTheirRequestsFail()
    {
        Request[] requests = [.. Enumerable.Range(0, 4).Select(i => new Request(Prompt(20 + i, i), 40, Sampled(i)))];
        using DecodingEngine engine = model.Load();
        Task<DecodingResult> failing = engine.DecodeAsync(
            new DecodingRequest(Prompt(9, 9), SamplingOptions.Greedy, 100, []), _ => throw new InvalidDataException("No."), Token);

        int[][] tokens = await Task.WhenAll(requests.Select(request => request.Decode(engine)));

        Assert.Equal("No.", (await Assert.ThrowsAsync<InvalidDataException>(() => failing)).Message);
        Assert.Equal(await OneByOne(requests), tokens);
    }

    /// <summary>The folder says that there are more positions than the graph's rotary table has; a run that goes beyond fails for the whole batch.</summary>
    [Fact]
    public async Task DecodeAsync_RunFailsForOneOfABatch_TheOthersGoOn()
    {
        using var folder = new TemporaryFolder();
        GenAiModel.Copy(model.RandomFolder, folder.At("lying"));
        string path = folder.At("lying", ModelManifest.FileName);
        JsonNode manifest = JsonNode.Parse(await File.ReadAllTextAsync(path, Token))!;
        manifest["max_positions"] = 300;
        await File.WriteAllTextAsync(path, manifest.ToJsonString(), Token);
        Request[] requests = [.. Enumerable.Range(0, 3).Select(i => new Request(Prompt(10 + i, i, 96), 150, Sampled(i)))];
        using DecodingEngine engine = GenAiModel.Load(folder.At("lying"));
        List<int> beforeIt = [];

        Task<DecodingResult> failing = engine.DecodeAsync(
            new DecodingRequest(Prompt(200, 9, 96), SamplingOptions.Greedy, 100, []),
            token =>
            {
                beforeIt.Add(token);
                return true;
            },
            Token);
        int[][] tokens = await Task.WhenAll(requests.Select(request => request.Decode(engine)));

        await Assert.ThrowsAsync<OnnxRuntimeException>(() => failing);
        Assert.Equal(57, beforeIt.Count);
        Assert.Equal(await OneByOne(requests, random: true), tokens);
    }

    [Fact]
    public async Task DecodeAsync_ShortRequestsBesideDocumentsThatAlternate_LeaveTheirTrunksAlone()
    {
        int[][] documents = [Prompt(300, 1), Prompt(280, 2), Prompt(260, 3)];
        using DecodingEngine engine = model.Load(slots: 4, concurrent: 2);
        foreach (int[] document in documents)
        {
            await engine.Decode(document, 4);
        }

        for (int turn = 0; turn < 3; turn++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => engine.Decode(Prompt(30, 100 * turn + i), 8)));
            for (int i = 0; i < documents.Length; i++)
            {
                int[] longer = [.. documents[i], .. Prompt(10, 50 + turn)];
                (_, DecodingResult result) = await engine.Decode(longer, 4);
                Assert.True(result.CachedPromptTokens >= documents[i].Length, $"Turn {turn}, document {i}: {result.CachedPromptTokens} of {documents[i].Length}.");
                documents[i] = longer;
            }
        }
    }

    [Fact]
    public async Task DecodeAsync_SeveralInSteadyState_AllocateNothing()
    {
        using DecodingEngine engine = model.Load(concurrent: 3);
        long[] allocated = new long[150];
        int tokens = 0;
        Task<DecodingResult>[] others = [.. Enumerable.Range(0, 2).Select(i => engine.DecodeAsync(
            new DecodingRequest(Prompt(20, i), SamplingOptions.Greedy, 400, []), static _ => true, Token))];

        await engine.DecodeAsync(
            new DecodingRequest(Prompt(30, 5), Sampled(1), allocated.Length, []),
            _ =>
            {
                allocated[tokens++] = GC.GetAllocatedBytesForCurrentThread();
                return true;
            },
            Token);

        Assert.All(others, other => Assert.False(other.IsCompleted));
        Assert.Equal(0, allocated[^1] - allocated[20]);
    }

    [Fact]
    public async Task LogProbabilitiesAsync_BesideOthers_EqualsAlone()
    {
        int[] text = Prompt(150, 4);
        using DecodingEngine alone = model.Load();
        float[] expected = await alone.LogProbabilitiesAsync(text, Token);
        using DecodingEngine engine = model.Load(chunkTokens: 16);
        Request[] requests = [.. Enumerable.Range(0, 3).Select(i => new Request(Prompt(40, i), 80, Sampled(i)))];
        Task<int[]>[] others = [.. requests.Select(request => request.Decode(engine))];

        Assert.Equal(expected, await engine.LogProbabilitiesAsync(text, Token));
        Assert.Equal(await OneByOne(requests), await Task.WhenAll(others));
    }

    [Fact]
    public async Task Dispose_UnderLoad_FailsWhoeverIsNotDone()
    {
        DecodingEngine engine = model.Load();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<DecodingResult>[] requests = [.. Enumerable.Range(0, 12).Select(i => engine.DecodeAsync(
            new DecodingRequest(Prompt(10 + i, i), SamplingOptions.Greedy, 3000, []), _ => started.TrySetResult() || true, Token))];
        await started.Task;

        engine.Dispose();

        foreach (Task<DecodingResult> request in requests)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => request);
        }
    }

    private static SamplingOptions Sampled(int seed) => new() { Temperature = 0.9f, TopP = 0.95f, RepetitionPenalty = 1.1f, Seed = seed };

    private async Task<int[][]> OneByOne(IEnumerable<Request> requests, bool random = false)
    {
        using DecodingEngine serial = model.Load(random: random, concurrent: 1);
        List<int[]> texts = [];
        foreach (Request request in requests)
        {
            texts.Add(await request.Decode(serial));
        }

        return [.. texts];
    }

    private sealed record Request(int[] Prompt, int NewTokens, SamplingOptions Sampling)
    {
        public DecodingRequest ToDecodingRequest() => new(Prompt, Sampling, NewTokens, []);

        public async Task<int[]> Decode(DecodingEngine engine) => (await engine.Decode(Prompt, NewTokens, Sampling)).Tokens;
    }
}
