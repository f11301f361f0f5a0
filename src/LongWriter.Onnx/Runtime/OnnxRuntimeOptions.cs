namespace LongWriter.Onnx.Runtime;

/// <summary>How ONNX Runtime is found and how it runs a model. Checked once, by <see cref="Validate"/>, when a model is loaded.</summary>
public sealed record OnnxRuntimeOptions
{
    private const string StopSpinning = "session.force_spinning_stop";

    /// <summary>
    /// The native library, a file or the folder that holds it. Null, the default, looks at the environment variable LONGWRITER_ONNXRUNTIME, at the
    /// application's folder and its runtimes/&lt;rid&gt;/native, and (not on Windows) asks the system's loader.
    /// </summary>
    public string? LibraryPath { get; init; }

    /// <summary>
    /// False, the default, switches off the telemetry client that official builds of ONNX Runtime contain. True leaves it as the library has it.
    /// Applies to the process: the first load decides.
    /// </summary>
    public bool AllowTelemetry { get; init; }

    /// <summary>What runs the model. The default is the CPU; any other needs ONNX Runtime 1.23 or later.</summary>
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Threads inside one operator, 1 to 1024. Null, the default, is one per physical core, or as many as the process may use where these are fewer than the machine has.</summary>
    public int? IntraOpThreads { get; init; }

    /// <summary>Threads across operators, 1 to 1024. A decoder is a chain, so the default is 1.</summary>
    public int InterOpThreads { get; init; } = 1;

    /// <summary>
    /// True, the default, lets worker threads spin between operators and between tokens: 1 to 2 ms faster per token on two cores (measured with a
    /// 0.5 billion parameter model), at the price of busy cores.
    /// </summary>
    public bool AllowSpinning { get; init; } = true;

    /// <summary>How much the graph is rewritten while it is loaded. The default is everything.</summary>
    public GraphOptimization Optimization { get; init; } = GraphOptimization.All;

    /// <summary>
    /// A folder where models are kept with their weights as this processor's kernels read them: the first load of a model saves it there, and later loads, also of other
    /// processes, map the file, whose pages they share. It takes up to twice the model's size. What was saved is compared with the model before it is used: with ONNX Runtime 1.30
    /// float32 weights pass, and quantized ones, which that version saves wrongly, are loaded as ever. Null, the default, keeps nothing. On the CPU only; a file that was made on another
    /// processor, from another model or by another version of the library is left alone, and may be deleted at any time while no process uses it.
    /// </summary>
    public string? PrepackedFolder { get; init; }

    /// <summary>Further session configuration entries of ONNX Runtime, by key, for example "session.use_env_allocators". The default is none.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>In place of the process's environment; null, the default, for that one. Not public: it exists for tests that stand in for a device.</summary>
    internal OrtEnvironment? Environment { get; init; }

    /// <summary>
    /// For a session that takes turns with another one. Threads of a session look for work for a while after its run, and where each of two has as many threads as there are cores, those of the one
    /// keep those of the other from working. So they stop when a run ends, unless <see cref="Configuration"/> says something of it.
    /// </summary>
    internal OnnxRuntimeOptions InTurns() =>
        Configuration.ContainsKey(StopSpinning) ? this : this with { Configuration = new Dictionary<string, string>(Configuration) { [StopSpinning] = "1" } };

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">At least one is out of range; the message names them all.</exception>
    public void Validate()
    {
        List<string> errors = [];
        if (LibraryPath is { Length: 0 })
        {
            errors.Add("LibraryPath must be null or a path but is empty.");
        }

        if (PrepackedFolder is { Length: 0 })
        {
            errors.Add("PrepackedFolder must be null or a path but is empty.");
        }

        if (IntraOpThreads is < 1 or > 1024)
        {
            errors.Add($"IntraOpThreads must be in [1, 1024] but is {IntraOpThreads}.");
        }

        if (InterOpThreads is < 1 or > 1024)
        {
            errors.Add($"InterOpThreads must be in [1, 1024] but is {InterOpThreads}.");
        }

        if (!Enum.IsDefined(Optimization))
        {
            errors.Add($"Optimization must be None, Basic, Extended or All but is {(int)Optimization}.");
        }

        Provider.CollectErrors(errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors));
        }
    }
}
