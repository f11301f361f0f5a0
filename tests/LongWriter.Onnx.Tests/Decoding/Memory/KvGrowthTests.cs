using System.Text.Json.Nodes;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Model;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding.Memory;

/// <summary>Memory is taken as a text grows, not for what it might grow to.</summary>
public sealed class KvGrowthTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(4000)]
    public async Task DecodeAsync_ContextOf32768_TakesMemoryForTheTokensThereAre(int tokens)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which memory is taken.");
        using var folder = new TemporaryFolder();
        JsonObject config = RandomLlama.Config();
        config["max_position_embeddings"] = 32768;
        RandomLlama.Write(folder.At("source"), config, seed: 3);
        ModelExporter.Export(folder.At("source"), folder.At("exported"), cancellationToken: TestContext.Current.CancellationToken);
        using DecodingEngine engine = DecodingEngine.Load(
            new EngineOptions { ModelFolder = folder.At("exported"), Threads = 1, Runtime = new OnnxRuntimeOptions { AllowSpinning = false } }, NullLogger.Instance);
        long before = engine.KvResidentBytes!.Value;

        await engine.Decode(Prompt(tokens - 20, 1, 96), 21);

        // Keys and values of 2 layers, 2 heads each: each lies for itself, and so ends in a page of its own.
        long computed = (long)tokens * engine.KvTokenBytes;
        Assert.Equal(0, before);
        Assert.InRange(engine.KvResidentBytes!.Value, computed, computed + (8 * Environment.SystemPageSize));
        Assert.True(engine.KvResidentBytes < engine.KvBytes / 20);
    }

    [Fact]
    public void GiveBack_PartOfABuffer_TakesWholePagesAndLeavesTheRest()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux gives memory back.");
        int page = Environment.SystemPageSize;
        using NativeBuffer buffer = NativeBuffer.Reserve(100L * page);
        Assert.Equal(0, buffer.ResidentBytes);
        buffer.Slice(0, 10 * page).Fill(7);
        Assert.Equal(10 * page, buffer.ResidentBytes);

        // From inside the second page to inside the sixth: pages 2 to 4.
        buffer.GiveBack(page + 1, (4 * page) + 10);

        Assert.Equal(7 * page, buffer.ResidentBytes);
        Assert.False(buffer.Slice(0, 2 * page).ContainsAnyExcept((byte)7));
        Assert.False(buffer.Slice(5 * page, 5 * page).ContainsAnyExcept((byte)7));
        buffer.Slice(2 * page, 3 * page).Fill(8);
        Assert.Equal(10 * page, buffer.ResidentBytes);
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(0, -1)]
    [InlineData(0, 4097)]
    [InlineData(4000, 97)]
    [InlineData(long.MaxValue, 1)]
    public void GiveBack_OutsideTheBuffer_IsRefused(long offset, long length)
    {
        using NativeBuffer buffer = NativeBuffer.Reserve(4096);

        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.GiveBack(offset, length));
    }

    [Fact]
    public void Reserve_MoreThanThereIsMemory_IsAddressSpaceOnly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere address space is promised memory.");
        using NativeBuffer buffer = NativeBuffer.Reserve(1L << 37);

        buffer.Slice(1L << 36, 1)[0] = 1;

        Assert.Equal(Environment.SystemPageSize, buffer.ResidentBytes);
    }

    [Fact]
    public void Reserve_MoreThanThereIsAddressSpace_IsAnOutOfMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The message is Linux's.");

        Assert.StartsWith("Reserving", Assert.Throws<InsufficientMemoryException>(() => NativeBuffer.Reserve(1L << 60)).Message, StringComparison.Ordinal);
    }
}
