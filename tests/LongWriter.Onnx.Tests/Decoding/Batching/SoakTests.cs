using LongWriter.Onnx.Decoding;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding.Batching;

/// <summary>
/// 200 requests, most of them waiting, of which some are cancelled, some leave early and some fail. The form of ten minutes, with a client and its memory, is
/// in benchmarks/LongWriter.Throughput.
/// </summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class SoakTests(ExportedEmbeddedModel model)
{
    private const int Requests = 200;
    private const int Concurrent = 6;

    [Fact]
    public async Task DecodeAsync_TwoHundredRequestsOfAllKinds_NoWrongTextAndNoSlotLost()
    {
        Case[] cases = [.. Enumerable.Range(0, Requests).Select(Draw)];
        int[][] expected = new int[Requests][];
        using (DecodingEngine serial = model.Load(random: true, concurrent: 1))
        {
            foreach (Case item in cases)
            {
                expected[item.Number] = (await serial.Decode(item.Prompt, item.NewTokens, item.Sampling)).Tokens;
            }
        }

        using DecodingEngine engine = model.Load(chunkTokens: 24, random: true, concurrent: Concurrent);
        int[][] texts = await Task.WhenAll(cases.Select(item => RunAsync(engine, item)));

        Assert.All(cases, item => Assert.Equal(expected[item.Number][..(item.Fate == Fate.Ends ? item.NewTokens : item.FateAfter)], texts[item.Number]));
        Assert.True(cases.Select(item => item.Fate).Distinct().Count() == 4, "Some fate never came up.");

        // With a slot lost, one of these would have none.
        (int[] Tokens, DecodingResult Result)[] after = await Task.WhenAll(
            cases.Take(2 * Concurrent).Select(item => engine.Decode(item.Prompt, item.NewTokens, item.Sampling)));
        Assert.Equal(expected.Take(2 * Concurrent), after.Select(result => result.Tokens));
    }

    private static async Task<int[]> RunAsync(DecodingEngine engine, Case item)
    {
        using var cancellation = new CancellationTokenSource();
        List<int> tokens = [];
        Task<DecodingResult> decoding = engine.DecodeAsync(new DecodingRequest(item.Prompt, item.Sampling, item.NewTokens, []), Accept, cancellation.Token);
        await (item.Fate switch
        {
            Fate.IsCancelled => Assert.ThrowsAnyAsync<OperationCanceledException>(() => decoding),
            Fate.Fails => Assert.ThrowsAsync<InvalidDataException>(() => decoding),
            _ => (Task)decoding,
        });
        return [.. tokens];

        bool Accept(int token)
        {
            tokens.Add(token);
            if (tokens.Count < item.FateAfter)
            {
                return true;
            }

            switch (item.Fate)
            {
                case Fate.IsCancelled:
                    cancellation.Cancel();
                    return true;
                case Fate.Fails:
                    throw new InvalidDataException("No.");
                default:
                    return item.Fate == Fate.Ends;
            }
        }
    }

    private static Case Draw(int number)
    {
        var random = new Random(number);
        int[] trunk = Prompt(120, random.Next(4), 96);
        int newTokens = random.Next(2, 40);
        return new Case(
            number,
            [.. trunk[..random.Next(1, 120)], .. Prompt(random.Next(1, 30), 100 + number, 96)],
            newTokens,
            new SamplingOptions { Temperature = random.Next(3) == 0 ? 0 : 1, PresencePenalty = random.Next(2), Seed = number },
            (Fate)random.Next(4),
            random.Next(1, newTokens));
    }

    private enum Fate
    {
        Ends,
        IsCancelled,
        LeavesEarly,
        Fails,
    }

    /// <param name="Number">Which one, from 0.</param>
    /// <param name="Prompt">Often begins like others'.</param>
    /// <param name="NewTokens">2 or more.</param>
    /// <param name="Sampling">Seeded.</param>
    /// <param name="Fate">What becomes of it.</param>
    /// <param name="FateAfter">After so many tokens; fewer than <paramref name="NewTokens"/>.</param>
    private sealed record Case(int Number, int[] Prompt, int NewTokens, SamplingOptions Sampling, Fate Fate, int FateAfter);
}
