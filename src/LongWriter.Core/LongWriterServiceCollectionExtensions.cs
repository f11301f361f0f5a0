using LongWriter;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers LongWriter in a service collection.</summary>
public static class LongWriterServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IAgentWriter"/> as a singleton over the registered <see cref="IChatClient"/>. Options are
    /// checked once, when the host starts or the writer is first asked for; all problems come in one message.
    /// </summary>
    /// <param name="services">The collection. Must also have an <see cref="IChatClient"/>.</param>
    /// <param name="configure">Changes the default options, or null.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddLongWriter(this IServiceCollection services, Action<AgentWriterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<AgentWriterOptions> options = services.AddOptions<AgentWriterOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AgentWriterOptions>, OptionsValidator>());
        services.TryAddSingleton<IAgentWriter>(provider => new AgentWriter(
            provider.GetRequiredService<IChatClient>(),
            provider.GetRequiredService<IOptions<AgentWriterOptions>>().Value,
            provider.GetService<ILoggerFactory>(),
            provider.GetService<TimeProvider>()));
        return services;
    }

    private sealed class OptionsValidator : IValidateOptions<AgentWriterOptions>
    {
        public ValidateOptionsResult Validate(string? name, AgentWriterOptions options)
        {
            IReadOnlyList<string> errors = options.FindErrors();
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
