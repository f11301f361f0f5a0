using Google.Protobuf;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>A session over a graph of one node whose inputs are all bound, weights and scales too, so that a test may give it anything.</summary>
internal sealed class NodeSession : IDisposable
{
    private readonly OrtIoBinding binding;
    private readonly OrtRunOptions runOptions;

    public NodeSession(GraphWriter graph, int threads = 1)
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            ProducerName = "tests",
            Graph = graph.Graph,
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = "", Version = 17 },
                new OperatorSetIdProto { Domain = GraphWriter.MicrosoftDomain, Version = 1 },
                new OperatorSetIdProto { Domain = GraphWriter.OwnDomain, Version = 1 },
            },
        };

        // Threads that spin would fight over the two cores that tests have.
        Session = OrtSession.Load(model.ToByteArray(), new OnnxRuntimeOptions { IntraOpThreads = threads, AllowSpinning = false });
        binding = new OrtIoBinding(Session);
        runOptions = new OrtRunOptions(Session.Environment);
    }

    public OrtSession Session { get; }

    public OrtEnvironment Environment => Session.Environment;

    public void BindInput(int index, OrtTensor tensor) => binding.BindInput(index, tensor);

    public void BindOutput(int index, OrtTensor tensor) => binding.BindOutput(index, tensor);

    public void Run() => Session.Run(binding, runOptions);

    public void Dispose()
    {
        runOptions.Dispose();
        binding.Dispose();
        Session.Dispose();
    }
}
