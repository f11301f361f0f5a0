using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime;

public sealed class SessionsInTurnsTests
{
    private const string Key = "session.force_spinning_stop";

    [Fact]
    public void InTurns_NothingSaid_StopsThreadsBetweenRuns()
    {
        var options = new OnnxRuntimeOptions { IntraOpThreads = 3, Configuration = new Dictionary<string, string> { ["session.use_env_allocators"] = "1" } };

        OnnxRuntimeOptions inTurns = options.InTurns();

        Assert.Equal(3, inTurns.IntraOpThreads);
        Assert.Equal(("1", "1"), (inTurns.Configuration[Key], inTurns.Configuration["session.use_env_allocators"]));
        Assert.DoesNotContain(Key, options.Configuration.Keys);
        Assert.Equal("1", inTurns.InTurns().Configuration[Key]);
    }

    [Fact]
    public void InTurns_AlreadySaid_StaysAsItIs()
    {
        var options = new OnnxRuntimeOptions { Configuration = new Dictionary<string, string> { [Key] = "0" } };

        Assert.Equal("0", options.InTurns().Configuration[Key]);
    }
}
