using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class ServiceRegistrationTests
{
    [Fact]
    public async Task AddLongWriter_WithAClient_ResolvesAWriterWithTheOptions()
    {
        using ServiceProvider provider = Services(options => options.Context = ContextLayout.SinglePrompt);
        provider.GetRequiredService<IStartupValidator>().Validate();

        WrittenDocument document = await provider.GetRequiredService<IAgentWriter>().WriteAsync(Planned(50, 50), null, Stop);

        Assert.Equal(100, document.Words);
        Assert.All(((ScriptedChatClient)provider.GetRequiredService<IChatClient>()).Calls, call => Assert.Single(call.Messages));
        Assert.Same(provider.GetRequiredService<IAgentWriter>(), provider.GetRequiredService<IAgentWriter>());
    }

    [Fact]
    public void AddLongWriter_BadOptions_FailAtStartWithAllMessages()
    {
        using ServiceProvider provider = Services(options => (options.ParallelSections, options.MaxRewrites) = (0, 21));

        var atStart = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);
        var atUse = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IAgentWriter>);

        Assert.Equal(["ParallelSections must be in [1, 64] but is 0.", "MaxRewrites must be in [0, 20] but is 21."], atStart.Failures);
        Assert.Equal(atStart.Failures, atUse.Failures);
    }

    [Fact]
    public void AddLongWriter_Twice_ValidatesOnce()
    {
        var services = new ServiceCollection();
        services.AddLongWriter().AddLongWriter(options => options.MaxRewrites = -1);
        using ServiceProvider provider = services.AddSingleton<IChatClient>(_ => new ScriptedChatClient(WriterScript.Section)).BuildServiceProvider();

        Assert.Single(Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IAgentWriter>).Failures);
    }

    private static ServiceProvider Services(Action<AgentWriterOptions> configure) => new ServiceCollection()
        .AddSingleton<IChatClient>(_ => new ScriptedChatClient(WriterScript.Section))
        .AddLongWriter(configure)
        .BuildServiceProvider();
}
