using System.Runtime.InteropServices;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime;

/// <summary>The functions that a device needs, on the real library, as far as they can be called without one: that they are the ones at their places.</summary>
public sealed unsafe class OrtDeviceFunctionsTests
{
    private static readonly OrtEnvironment Environment = OrtEnvironment.Get(new OnnxRuntimeOptions());

    [Fact]
    public void GetMemoryName_MemoryOfCuda_GivesNameAndDevice()
    {
        OrtApi api = Environment.Library.Api;
        using OrtHandle memory = OrtMemory.Device(Environment, "Cuda", 3);
        using OrtHandle.Lease lease = memory.Use();
        byte* name;
        int id;

        api.Check(api.GetMemoryName(lease.Pointer, &name), "name");
        api.Check(api.GetMemoryDeviceId(lease.Pointer, &id), "id");

        Assert.Equal("Cuda", Marshal.PtrToStringUTF8((nint)name));
        Assert.Equal(3, id);
    }

    [Fact]
    public void SessionGetInputMemories_OnTheCpu_GivesTheHostsForEach()
    {
        OrtApi api = Environment.Library.Api;
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), new OnnxRuntimeOptions { IntraOpThreads = 1 });
        using OrtHandle.Lease lease = session.Handle.Use();
        nint memory;
        byte* name;

        api.Check(api.SessionGetInputMemories(lease.Pointer, &memory, 1), "memories");
        api.Check(api.GetMemoryName(memory, &name), "name");

        Assert.Equal("Cpu", Marshal.PtrToStringUTF8((nint)name));
        Assert.Null(OrtDevice.Of(session, ExecutionProvider.Cpu));
        Assert.Null(OrtDevice.Of(session, new NamedProvider("Other")));
    }

    [Fact]
    public void RegisterProviderLibrary_NoSuchFile_SaysWhich()
    {
        var failure = Assert.Throws<OnnxRuntimeException>(() => Environment.RegisterProviderLibrary("absent", "libabsent.so"));

        Assert.StartsWith("Registering the provider library 'libabsent.so': ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("libabsent.so", failure.Message[48..], StringComparison.Ordinal);
        TestContext.Current.SendDiagnosticMessage(failure.Message);
    }

    [Theory]
    [InlineData("1.23.0", true)]
    [InlineData("1.30.1-dev", true)]
    [InlineData("2.0.0", true)]
    [InlineData("1.22.9", false)]
    [InlineData("of unknown version", false)]
    public void RequireDeviceFunctions_Version_IsEnoughOrRefused(string version, bool isEnough)
    {
        var library = new OrtLibrary("somewhere", version, Environment.Library.Api);

        Exception? failure = Record.Exception(() => library.RequireDeviceFunctions("CUDA"));

        Assert.Equal(isEnough, failure is null);
        Assert.True(isEnough || failure is OnnxRuntimeException { Code: OnnxRuntimeErrorCode.LibraryUnusable });
    }
}
