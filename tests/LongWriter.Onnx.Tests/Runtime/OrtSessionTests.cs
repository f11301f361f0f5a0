using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Tests.Runtime;

public sealed class OrtSessionTests
{
    private static readonly OnnxRuntimeOptions OneThread = new() { IntraOpThreads = 1 };

    [Fact]
    public void Run_TinyGraph_ComputesIt()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        using var binding = new OrtIoBinding(session);
        using var options = new OrtRunOptions(session.Environment);
        using OrtTensor x = OrtTensor.From<float>(session.Environment, [1, 2, 3, 4, 5, 6], 2, 3);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 2, 3);
        binding.BindInput(0, x);
        binding.BindOutput(0, y);

        session.Run(binding, options);

        Assert.Equal([2f, 21f, 301f, 5f, 51f, 601f], y.AsSpan<float>().ToArray());
    }

    [Fact]
    public void NativeTime_EachRun_Grows()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        using var binding = new OrtIoBinding(session);
        using var options = new OrtRunOptions(session.Environment);
        using OrtTensor x = OrtTensor.From<float>(session.Environment, [1, 2, 3], 1, 3);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 3);
        binding.BindInput(0, x);
        binding.BindOutput(0, y);
        TimeSpan before = session.NativeTime;

        session.Run(binding, options);
        TimeSpan afterOne = session.NativeTime;
        session.Run(binding, options);

        Assert.Equal(TimeSpan.Zero, before);
        Assert.True(afterOne > before, $"after one run {afterOne}");
        Assert.True(session.NativeTime > afterOne, $"after two runs {session.NativeTime}");
    }

    [Fact]
    public void Signature_TinyGraph_NamesTypesShapesAndMetadata()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);

        Assert.Equal("x: Float[rows, 3]", Assert.Single(session.Inputs).ToString());
        Assert.Equal("y: Float[rows, 3]", Assert.Single(session.Outputs).ToString());
        Assert.Equal("test", session.LookUpMetadata("purpose"));
        Assert.Null(session.LookUpMetadata("absent"));
    }

    [Fact]
    public void Run_ViewsOfOneBuffer_ReadAndWriteInPlace()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        using var memory = new NativeBuffer(12 * sizeof(float));
        using OrtTensor all = OrtTensor.View(session.Environment, memory, 0, TensorElementType.Float, 4, 3);
        using OrtTensor firstRow = OrtTensor.View(session.Environment, memory, 0, TensorElementType.Float, 1, 3);
        using OrtTensor thirdRow = OrtTensor.View(session.Environment, memory, 6 * sizeof(float), TensorElementType.Float, 1, 3);
        using var binding = new OrtIoBinding(session);
        using var options = new OrtRunOptions(session.Environment);
        all.AsSpan<float>().Fill(7);
        binding.BindInput(0, firstRow);
        binding.BindOutput(0, thirdRow);

        session.Run(binding, options);

        Assert.Equal([7f, 7f, 7f, 7f, 7f, 7f, 8f, 71f, 701f, 7f, 7f, 7f], all.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Run_SteadyState_AllocatesNothing()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        using var binding = new OrtIoBinding(session);
        using var options = new OrtRunOptions(session.Environment);
        using OrtTensor x = OrtTensor.From<float>(session.Environment, [1, 2, 3], 1, 3);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 3);
        Step();
        Step();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Step();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            binding.BindInput(0, x);
            binding.BindOutput(0, y);
            session.Run(binding, options);
        }
    }

    [Fact]
    public void Run_WrongShape_ThrowsTyped()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        using var binding = new OrtIoBinding(session);
        using var options = new OrtRunOptions(session.Environment);
        using OrtTensor x = OrtTensor.From<float>(session.Environment, [1, 2], 1, 2);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 3);
        binding.BindInput(0, x);
        binding.BindOutput(0, y);

        var failure = Assert.Throws<OnnxRuntimeException>(() => session.Run(binding, options));

        Assert.Equal(OnnxRuntimeErrorCode.InvalidArgument, failure.Code);
        Assert.StartsWith("Running the model: Got invalid dimensions for input: x", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LoggerThatKeepsEverything_ReceivesNativeMessages()
    {
        var logger = new RecordingLogger();

        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread, logger);

        Assert.Contains(logger.Messages, message => message.StartsWith("ONNX Runtime: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_NotAModel_ThrowsTyped()
    {
        var failure = Assert.Throws<OnnxRuntimeException>(() => OrtSession.Load(new byte[] { 1, 2, 3 }, OneThread));

        Assert.Equal(OnnxRuntimeErrorCode.InvalidProtobuf, failure.Code);
    }

    [Fact]
    public void Load_NoSuchFile_NamesIt()
    {
        var failure = Assert.Throws<OnnxRuntimeException>(() => OrtSession.Load("absent/model.onnx", OneThread));

        Assert.Equal(OnnxRuntimeErrorCode.NoSuchFile, failure.Code);
        Assert.StartsWith("Loading 'absent/model.onnx': ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TerminatedBefore_CancelsAndRunsAgainAfterReset()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        using var binding = new OrtIoBinding(session);
        using var options = new OrtRunOptions(session.Environment);
        using OrtTensor x = OrtTensor.From<float>(session.Environment, [1, 2, 3], 1, 3);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 3);
        binding.BindInput(0, x);
        binding.BindOutput(0, y);
        options.Terminate();

        Assert.Throws<OperationCanceledException>(() => session.Run(binding, options));

        options.Reset();
        session.Run(binding, options);
        Assert.Equal([2f, 21f, 301f], y.AsSpan<float>().ToArray());
    }

    [Fact]
    public async Task Run_TerminatedMeanwhile_Cancels()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.LongChain(2_000), OneThread);
        using var binding = new OrtIoBinding(session);
        using var options = new OrtRunOptions(session.Environment);
        using OrtTensor x = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 256, 256);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 256, 256);
        x.AsSpan<float>().Clear();
        binding.BindInput(0, x);
        binding.BindOutput(0, y);
        using var started = new SemaphoreSlim(0);

        // Runs until it is stopped, so there is no moment that the test has to hit.
        Task endless = Task.Run(() =>
        {
            started.Release();
            while (true)
            {
                session.Run(binding, options);
            }
        }, TestContext.Current.CancellationToken);
        await started.WaitAsync(TestContext.Current.CancellationToken);
        options.Terminate();

        await Assert.ThrowsAsync<OperationCanceledException>(() => endless);
    }

    [Fact]
    public void Dispose_TensorThatIsBound_KeepsItsMemoryForTheRun()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        var binding = new OrtIoBinding(session);
        using var options = new OrtRunOptions(session.Environment);
        using var memory = new NativeBuffer(6 * sizeof(float));
        using (OrtTensor x = OrtTensor.View(session.Environment, memory, 0, TensorElementType.Float, 1, 3))
        {
            x.AsSpan<float>().Fill(2);
            binding.BindInput(0, x);
        }

        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 3);
        binding.BindOutput(0, y);
        memory.Dispose();
        session.Run(binding, options);

        Assert.Equal([3f, 21f, 201f], y.AsSpan<float>().ToArray());
        Assert.False(memory.IsInvalid);
        binding.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(binding, options));
    }

    [Fact]
    public void Dispose_Twice_IsHarmlessAndLaterUseThrows()
    {
        OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        var binding = new OrtIoBinding(session);
        using var options = new OrtRunOptions(session.Environment);
        OrtTensor x = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 3);
        x.Dispose();
        x.Dispose();
        session.Dispose();
        session.Dispose();

        Assert.Throws<ObjectDisposedException>(() => x.AsSpan<float>());
        Assert.Throws<ObjectDisposedException>(() => binding.BindInput(0, x));
        Assert.Throws<ObjectDisposedException>(() => session.Run(binding, options));
        binding.Dispose();
        binding.Dispose();
    }

    [Fact]
    public void AsSpan_OtherType_NamesBoth()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        using OrtTensor x = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 3);

        var failure = Assert.Throws<InvalidOperationException>(() => x.AsSpan<int>());

        Assert.Equal("The tensor holds elements of type Float, not Int32.", failure.Message);
    }

    [Fact]
    public void View_PastTheEnd_IsRefused()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        using var memory = new NativeBuffer(12);

        var failure = Assert.Throws<ArgumentOutOfRangeException>(() => OrtTensor.View(session.Environment, memory, 4, TensorElementType.Float, 3));

        Assert.StartsWith("A view of 12 bytes must lie inside the buffer's 12 bytes.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeviceAllocator_HostMemory_AllocatesAndUnknownMemoryIsRefused()
    {
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), OneThread);
        using var allocator = new OrtDeviceAllocator(session, "Cpu", deviceId: 0, isOnHost: true);
        using var memory = new DeviceBuffer(allocator, 10);
        memory.Slice(2, 8).Fill(7);
        using OrtTensor tensor = OrtTensor.View(session.Environment, memory, 2, TensorElementType.Int8, 2, 4);

        Assert.Equal(8, tensor.LengthBytes);
        Assert.Equal(Enumerable.Repeat((sbyte)7, 8), tensor.AsSpan<sbyte>().ToArray());
        Assert.Throws<OnnxRuntimeException>(() => new OrtDeviceAllocator(session, "Cuda", deviceId: 0, isOnHost: false));
    }

    [Fact]
    public void Run_CopiesWhereNoProviderCopies_SaysSo()
    {
        OrtEnvironment environment = OrtEnvironment.Get(OneThread);
        using OrtTensor from = OrtTensor.From<float>(environment, [1, 2, 3], 3);
        using OrtTensor to = OrtTensor.From<float>(environment, [0, 0, 0], 3);
        using var copies = new TensorCopies(environment, (from, to));

        var failure = Assert.Throws<OnnxRuntimeException>(copies.Run);

        // The library's own words: the call reached it, and no provider is registered whose device it would be.
        Assert.StartsWith("Copying tensors: Data transfer implementation", failure.Message, StringComparison.Ordinal);
        copies.Dispose();
        Assert.Throws<ObjectDisposedException>(copies.Run);
    }

    private sealed class RecordingLogger : ILogger
    {
        private readonly List<string> messages = [];

        public IReadOnlyList<string> Messages
        {
            get
            {
                lock (messages)
                {
                    return [.. messages];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (messages)
            {
                messages.Add(formatter(state, exception));
            }
        }
    }
}
