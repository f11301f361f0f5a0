using LongWriter.Calling;
using LongWriter.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Core.Tests.Calling;

public sealed class ModelCallOptionsTests
{
    [Fact]
    public void Validate_Defaults_FindsNothing() => Assert.Empty(Errors(new ModelCallOptions()));

    [Fact]
    public void Validate_Bounds_AreAllowed()
    {
        TimeSpan day = TimeSpan.FromDays(1);
        TimeSpan least = TimeSpan.FromMilliseconds(10);
        Assert.Empty(Errors(new() { MaxAttempts = 1, CallTimeout = least, IdleTimeout = least, BaseRetryDelay = TimeSpan.Zero, MaxRetryDelay = TimeSpan.Zero }));
        Assert.Empty(Errors(new() { MaxAttempts = 20, CallTimeout = day, IdleTimeout = day, BaseRetryDelay = day, MaxRetryDelay = day }));
    }

    [Fact]
    public void Validate_EverythingOutOfRange_NamesEachValue() => Assert.Equal(
        [
            "MaxAttempts must be in [1, 20] but is 0.",
            "CallTimeout must be in [00:00:00.0100000, 1.00:00:00] but is 00:00:00.",
            "IdleTimeout must be in [00:00:00.0100000, 1.00:00:00] but is 2.00:00:00.",
            "BaseRetryDelay must be in [00:00:00, 1.00:00:00] but is -00:00:01.",
            "MaxRetryDelay must be in [00:00:00, 1.00:00:00] but is -00:00:02.",
            "MaxRetryDelay must be at least BaseRetryDelay (-00:00:01) but is -00:00:02.",
        ],
        Errors(new ModelCallOptions
        {
            MaxAttempts = 0,
            CallTimeout = TimeSpan.Zero,
            IdleTimeout = TimeSpan.FromDays(2),
            BaseRetryDelay = TimeSpan.FromSeconds(-1),
            MaxRetryDelay = TimeSpan.FromSeconds(-2),
        }));

    [Fact]
    public void ModelCaller_OptionsOutOfRange_NamesAllInOneMessage()
    {
        using var client = new ScriptedChatClient(_ => "Text.");
        var options = new ModelCallOptions { MaxAttempts = 21, IdleTimeout = TimeSpan.Zero };

        ArgumentException thrown = Assert.Throws<ArgumentException>(
            () => new ModelCaller(client, options, TimeProvider.System, NullLogger.Instance));

        Assert.Equal(
            "MaxAttempts must be in [1, 20] but is 21. IdleTimeout must be in [00:00:00.0100000, 1.00:00:00] but is 00:00:00. (Parameter 'options')",
            thrown.Message);
    }

    [Fact]
    public async Task CallAsync_LogLevels_KeepContentsAtTrace()
    {
        var logger = new ListLogger();
        using var client = new ScriptedChatClient(
            (call, _) => call.Number == 0 ? CallProbe.Broken(new IOException("Pipe.")) : ScriptedChatClient.Stream("The reply."));

        await CallProbe.Caller(client, logger: logger).CompleteAsync(
            new ModelCall([new ChatMessage(ChatRole.User, "The prompt.")]), TestContext.Current.CancellationToken);

        Assert.Equal(
            [LogLevel.Debug, LogLevel.Trace, LogLevel.Warning, LogLevel.Debug, LogLevel.Trace], logger.Entries.Select(entry => entry.Level));
        Assert.Equal("Model call started with 1 messages.", logger.Entries[0].Text);
        Assert.Equal("Model reads from user: The prompt.", logger.Entries[1].Text);
        Assert.StartsWith("Try 1 of 5 of a model call failed; the next one follows in 00:00:0", logger.Entries[2].Text, StringComparison.Ordinal);
        Assert.Equal("Model call completed: Stop after 2 tries, 10 chars, 10 input and 2 output tokens, finish reason stop.", logger.Entries[3].Text);
        Assert.Equal("Model replies: The reply.", logger.Entries[4].Text);
    }

    private static List<string> Errors(ModelCallOptions options)
    {
        List<string> errors = [];
        options.Validate(errors);
        return errors;
    }

    private sealed class ListLogger : ILogger
    {
        public List<(LogLevel Level, string Text)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((logLevel, formatter(state, exception)));
    }
}
