using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime;

public sealed class DefaultThreadsTests
{
    [Theory]
    [InlineData("0", 1)]
    [InlineData("0-1\n", 2)]
    [InlineData("0-3,6,8-9", 7)]
    [InlineData("", 0)]
    [InlineData("3-1", 0)]
    [InlineData("0-1-2", 0)]
    [InlineData("all", 0)]
    public void Online_ListOfProcessors_IsTheirNumber(string list, int count) => Assert.Equal(count, DefaultThreads.Online(list));

    [Theory]
    [InlineData(4, 4, 0)]
    [InlineData(1, 4, 1)]
    [InlineData(4, 0, 0)]
    public void Count_ProcessHeldToFewerProcessors_IsThose(int usable, int online, int threads) => Assert.Equal(threads, DefaultThreads.Count(usable, online));
}
