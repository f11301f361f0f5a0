using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Chat;

/// <summary>An engine whose replies a test writes: one function from request to ids. Keeps what it has seen, so that prompts are cached as by a real one.</summary>
internal sealed class FakeEngine(Func<DecodingRequest, IEnumerable<int>> reply) : IDecodingEngine
{
    private readonly Lock gate = new();
    private readonly List<int[]> sequences = [];
    private TaskCompletionSource idle = new();
    private int running;

    public List<DecodingRequest> Requests { get; } = [];

    public int ContextTokens { get; init; } = 2048;

    public bool SlidesWindow { get; init; }

    public int VocabSize { get; init; } = 4096;

    public IReadOnlyList<int> EndTokenIds { get; init; } = [2];

    public string ModelHash => "0123";

    public int KvTokenBytes => 0;

    public string KvIdentity => "0123";

    public bool IsDisposed { get; private set; }

    /// <summary>Held before the first token; set it to make a prompt that is being read.</summary>
    public Func<DecodingRequest, CancellationToken, Task>? Prefill { get; init; }

    /// <summary>Completes when no request runs.</summary>
    public Task Idle
    {
        get
        {
            lock (gate)
            {
                return running == 0 ? Task.CompletedTask : idle.Task;
            }
        }
    }

    public async Task<DecodingResult> DecodeAsync(DecodingRequest request, Func<int, bool> accept, CancellationToken cancellationToken)
    {
        request.Validate(VocabSize);
        int cached = Begin(request);
        List<int> generated = [];
        try
        {
            await Task.Yield();
            await (Prefill?.Invoke(request, cancellationToken) ?? Task.CompletedTask);
            DecodingEnd end = await GenerateAsync(request, accept, generated, cancellationToken);
            return new DecodingResult(end, request.PromptIds.Length, cached, generated.Count) { DroppedTokens = Math.Max(0, request.PromptIds.Length + generated.Count - ContextTokens) };
        }
        finally
        {
            End([.. request.PromptIds.Span, .. generated]);
        }
    }

    public Task<float[]> LogProbabilitiesAsync(ReadOnlyMemory<int> ids, CancellationToken cancellationToken)
    {
        float[] values = [.. ids.ToArray().Select(id => -id / 1000f)];
        values[0] = float.NaN;
        return Task.FromResult(values);
    }

    public Task<int> ReadKvAsync(ReadOnlyMemory<int> ids, int from, Memory<byte> target, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<bool> WriteKvAsync(ReadOnlyMemory<int> ids, int from, ReadOnlyMemory<byte> source, CancellationToken cancellationToken) => Task.FromResult(false);

    public void Dispose() => IsDisposed = true;

    private async Task<DecodingEnd> GenerateAsync(DecodingRequest request, Func<int, bool> accept, List<int> generated, CancellationToken cancellationToken)
    {
        foreach (int id in reply(request))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            generated.Add(id);
            if (request.StopIds.Contains(id))
            {
                return DecodingEnd.StopToken;
            }

            if (!accept(id))
            {
                return DecodingEnd.StoppedByCaller;
            }

            if (generated.Count == request.MaxNewTokens)
            {
                return DecodingEnd.MaxNewTokens;
            }
        }

        throw new InvalidOperationException("The reply of the test must end with a stop token or not at all.");
    }

    private int Begin(DecodingRequest request)
    {
        lock (gate)
        {
            Requests.Add(request);
            idle = running++ == 0 ? new TaskCompletionSource() : idle;
            return sequences.Count == 0 ? 0 : sequences.Max(known => Math.Min(known.AsSpan().CommonPrefixLength(request.PromptIds.Span), request.PromptIds.Length - 1));
        }
    }

    private void End(int[] sequence)
    {
        lock (gate)
        {
            sequences.Add(sequence);
            if (--running == 0)
            {
                idle.SetResult();
            }
        }
    }
}
