using Google.Protobuf;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime.Kernels;

/// <summary>A session over one node whose tensors are all inputs and outputs.</summary>
internal sealed class OperatorSession : IDisposable
{
    private readonly OrtSession session;
    private readonly OrtIoBinding binding;
    private readonly OrtRunOptions options;

    /// <param name="operation">The operator.</param>
    /// <param name="domain">Its domain.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="inputs">Elements and rank of each input; null for one that is left out.</param>
    /// <param name="outputs">Elements and rank of each output.</param>
    /// <param name="threads">Of the session.</param>
    /// <param name="width">Last dimension of the first input, for operators that infer others from it; null for any.</param>
    public OperatorSession(
        string operation, string domain, AttributeProto[] attributes, (TensorElementType Type, int Rank)?[] inputs, (TensorElementType Type, int Rank)[] outputs, int threads = 1, int? width = null)
    {
        var graph = new GraphWriter("operator");
        foreach ((int i, (TensorElementType Type, int Rank)? input) in inputs.Index())
        {
            if (input is { } present)
            {
                graph.Input($"x{i}", present.Type, i == 0 && width is { } last ? [.. Shape("x0", present.Rank - 1), last] : Shape($"x{i}", present.Rank));
            }
        }

        foreach ((int i, (TensorElementType type, int rank)) in outputs.Index())
        {
            graph.Output($"y{i}", type, Shape($"y{i}", rank));
        }

        graph.Node("node", operation, [.. inputs.Select((input, i) => input is null ? "" : $"x{i}")], [.. outputs.Select((_, i) => $"y{i}")], domain, attributes);
        var model = new ModelProto
        {
            IrVersion = 8,
            Graph = graph.Graph,
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = "", Version = 17 },
                new OperatorSetIdProto { Domain = GraphWriter.MicrosoftDomain, Version = 1 },
                new OperatorSetIdProto { Domain = GraphWriter.OwnDomain, Version = 1 },
            },
        };
        session = OrtSession.Load(model.ToByteArray(), new OnnxRuntimeOptions { IntraOpThreads = threads, AllowSpinning = false });
        binding = new OrtIoBinding(session);
        options = new OrtRunOptions(session.Environment);
    }

    public OrtEnvironment Environment => session.Environment;

    /// <summary>Runs it over inputs, in the order of those that are there, into outputs.</summary>
    public void Run(OrtTensor[] inputs, OrtTensor[] outputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            binding.BindInput(i, inputs[i]);
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            binding.BindOutput(i, outputs[i]);
        }

        session.Run(binding, options);
    }

    public void Dispose()
    {
        options.Dispose();
        binding.Dispose();
        session.Dispose();
    }

    private static object[] Shape(string name, int rank) => [.. Enumerable.Range(0, rank).Select(axis => $"{name}_{axis}")];
}
