namespace LongWriter.Cli;

/// <summary>What a user is told about an expected exception.</summary>
internal static class ErrorText
{
    /// <summary>Its message in one line, without the name of a parameter, which only a caller of the library knows.</summary>
    public static string Of(Exception exception)
    {
        string message = exception.Message;
        if (exception is ArgumentException { ParamName: { } name })
        {
            int suffix = message.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal);
            message = suffix < 0 ? message : message[..suffix];
        }

        return exception is OperationCanceledException ? "Stopped." : message;
    }
}
