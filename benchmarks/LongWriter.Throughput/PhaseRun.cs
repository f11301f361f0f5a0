using System.Globalization;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput;

/// <summary>
/// Where the time of a step goes, by the length of the context and by what the step computes: one token, a token and what is drafted behind it, or a token of each of several texts. Phases of the layers, and what is outside of
/// them, which is the library's way from node to node, the embedding and the head.
/// </summary>
internal static class PhaseRun
{
    public const string Step = "step";
    public const string Phase = "phase";

    /// <summary>Rows of one text, then one row of each of some texts.</summary>
    private static readonly (int Rows, int Texts)[] Shapes = [(1, 1), (2, 1), (4, 1), (6, 1), (8, 1), (1, 2), (1, 4), (1, 8)];

    public static async Task<IReadOnlyList<Measurement>> RunAsync(ThroughputOptions options, TextWriter progress)
    {
        List<Measurement> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            Stepper[] steppers = [.. Shapes.Where(shape => shape.Texts == 1).Select(shape => new Stepper(options, subject, shape.Rows, texts: 1)), new Stepper(options, subject, rows: 1, Shapes.Max(shape => shape.Texts))];
            foreach (int context in options.Contexts)
            {
                Dictionary<(int Rows, int Texts, string What, string? Case), Measurement> found = [];
                for (int round = 0; round <= options.Rounds; round++)
                {
                    foreach ((int rows, int texts) in Shapes)
                    {
                        IReadOnlyList<(string What, string? Case, double Ms)> measured = await steppers.First(stepper => stepper.Rows == rows && stepper.Texts >= texts).MeasureAsync(context, texts);

                        // In the first round prompts are read and code is compiled.
                        foreach ((string what, string? name, double ms) in round == 0 ? [] : measured)
                        {
                            if (!found.TryGetValue((rows, texts, what, name), out Measurement? measurement))
                            {
                                measurement = new Measurement
                                {
                                    Engine = "LongWriter", Precision = precision, Profile = subject.Profile, What = what, Case = name, ContextTokens = context,
                                    Rows = rows, Sequences = texts, Threads = options.Threads, Unit = "ms",
                                };
                                found.Add((rows, texts, what, name), measurement);
                            }

                            measurement.ByRound.Add(ms);
                        }
                    }
                }

                all.AddRange(found.Values);
                progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{precision}, context {context}: {found[(1, 1, Step, null)].Median:F2} ms a token."));
            }

            Array.ForEach(steppers, stepper => stepper.Dispose());
        }

        return all;
    }

    /// <summary>An engine whose steps have so many rows of a text, or up to so many texts.</summary>
    private sealed class Stepper : IDisposable
    {
        private readonly KnownText drafter = new();
        private readonly int newTokens;

        public Stepper(ThroughputOptions options, ThroughputRun.Subject subject, int rows, int texts)
        {
            (Rows, Texts, newTokens) = (rows, texts, options.NewTokens);
            Engine = DecodingEngine.Load(
                new EngineOptions
                {
                    ModelFolder = subject.Folder,
                    MaxContextTokens = options.ContextTokensOf(subject.Manifest.MaxPositions),
                    Slots = texts,
                    MaxConcurrentSequences = texts,
                    Threads = options.Threads,
                    Runtime = new OnnxRuntimeOptions(),
                    PromptLookup = false,
                    Drafter = rows == 1 ? null : drafter,
                    DraftGate = new DraftGate(isAlwaysOpen: true),
                    MaxDraftTokens = Math.Max(1, rows - 1),
                },
                NullLogger.Instance);
        }

        public int Rows { get; }

        public int Texts { get; }

        public DecodingEngine Engine { get; }

        /// <summary>The engine disposes of the drafter where it has it.</summary>
        public void Dispose()
        {
            Engine.Dispose();
            drafter.Dispose();
        }

        /// <summary>Milliseconds of a step, and of each phase in all layers of a step.</summary>
        public async Task<IReadOnlyList<(string What, string? Case, double Ms)>> MeasureAsync(int context, int texts)
        {
            TimeSpan native = default;
            IReadOnlyList<(string Phase, TimeSpan Time)> phases = [];
            double steps = Texts == 1 ? await WriteAsync() : await new BatchCase(Engine, newTokens, isForced: true).WatchAsync(context, texts, Begin, End);
            return [(Step, null, native.TotalMilliseconds / steps), .. phases.Select(phase => (Phase, (string?)phase.Phase, phase.Time.TotalMilliseconds / steps))];

            // The text is given, and for more rows than one it is what is drafted, so every step has the rows that it should.
            async Task<double> WriteAsync()
            {
                drafter.Text = Prompts.Draw(context + newTokens, context, Engine.VocabSize);
                (_, _, DecodingResult result) = await ForcedText.GenerateAsync(Engine, drafter.Text, context, Begin);
                End();
                return newTokens - 1 - result.AcceptedTokens;
            }

            void Begin()
            {
                native = Engine.NativeTime;
                LayerClock.Start();
            }

            void End()
            {
                phases = LayerClock.Stop();
                native = Engine.NativeTime - native;
            }
        }
    }
}
