using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace LongWriter.OpenAI;

/// <summary>Turns what can go wrong in a call into a <see cref="ModelCallException"/> that says who answered what, without the key.</summary>
internal sealed class CallFailures(Connection connection)
{
    private const int ExcerptChars = 200;

    public static bool IsExpected(Exception failure) =>
        failure is ClientResultException or HttpRequestException or IOException or JsonException or OperationCanceledException;

    public ModelCallException From(Exception failure, int eventCount) => failure switch
    {
        ClientResultException { Status: > 0 } answer => Answered(answer),
        JsonException => Failed($"sent an event that is not a chat completion chunk, after {eventCount} good ones", true, failure),
        OperationCanceledException { InnerException: TimeoutException } => Failed("did not answer within the time-out of the given HttpClient", true, failure),
        OperationCanceledException => Failed(
            string.Create(CultureInfo.InvariantCulture, $"was silent for longer than {connection.Options.NetworkTimeout}, after {eventCount} events"),
            true,
            failure),
        _ when eventCount > 0 => Failed($"broke the connection off after {eventCount} events", true, failure),
        _ => Failed($"did not answer ({Innermost(failure)})", true, failure),
    };

    /// <summary>The stream is over, but nothing said that the reply is.</summary>
    public ModelCallException EndedEarly(int eventCount) =>
        Failed($"ended the stream without a finish reason and without [DONE], after {eventCount} events", true, null);

    /// <summary>An error sent as an event, when the status line was long gone.</summary>
    public ModelCallException InsideStream(JsonElement error)
    {
        ServerError details = ServerError.Read(error);
        bool isTransient = IsTransient(details.Status ?? (int)HttpStatusCode.InternalServerError, details);
        return Failed($"reported an error inside the stream{Quoted(details.Message)}", isTransient, null);
    }

    /// <summary>Something answered with success, but it does not stream chat completions: a proxy's page, another kind of server.</summary>
    public async ValueTask<ModelCallException> WrongContentTypeAsync(
        PipelineResponse response, string expected, CancellationToken cancellationToken)
    {
        string type = response.Headers.TryGetValue("Content-Type", out string? value) ? $"'{value}'" : "missing";
        string body = await ReadStartAsync(response, cancellationToken).ConfigureAwait(false);
        string message = $"answered {Describe(response.Status)} but the content type must be '{expected}' and is {type}{Quoted(ServerError.Read(body).Message)}";
        return Failed(message, false, null, (HttpStatusCode)response.Status);
    }

    private ModelCallException Answered(ClientResultException answer)
    {
        PipelineResponse? response = answer.GetRawResponse();
        ServerError details = ServerError.Read(response?.Content.ToString() ?? string.Empty);
        return Failed(
            $"answered {Describe(answer.Status)}{Quoted(details.Message)}",
            IsTransient(answer.Status, details),
            answer,
            (HttpStatusCode)answer.Status,
            response is null ? null : RetryAfterHeader.Read(response.Headers, connection.Options.TimeProvider));
    }

    private ModelCallException Failed(
        string what, bool isTransient, Exception? inner, HttpStatusCode? status = null, TimeSpan? retryAfter = null)
    {
        string message = $"{connection.DisplayName} {what}.";

        // Servers have been seen to repeat the key they refuse. The inner exception quotes the server too, so it goes as well.
        if (message.Contains(connection.Key, StringComparison.Ordinal))
        {
            message = message.Replace(connection.Key, "***", StringComparison.Ordinal);
            inner = null;
        }

        return new ModelCallException(message, isTransient, inner) { StatusCode = status, RetryAfter = retryAfter };
    }

    // An exhausted quota comes as 429 too, but no wait fills it up again.
    private static bool IsTransient(int status, ServerError details) =>
        (status is 408 or 409 or 425 or 429 or (>= 500 and <= 599)) && details.Code != "insufficient_quota";

    private static string Describe(int status) =>
        Enum.IsDefined((HttpStatusCode)status) ? $"{status} {(HttpStatusCode)status}" : status.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return line.Length == 0 ? string.Empty : line.Length <= ExcerptChars ? $": {line}" : $": {line[..ExcerptChars]}…";
    }

    private static string Innermost(Exception failure) => failure.GetBaseException().Message.TrimEnd('.');

    private static async ValueTask<string> ReadStartAsync(PipelineResponse response, CancellationToken cancellationToken)
    {
        // Enough for a JSON error to be whole, and no more of what may be an endless download.
        byte[] buffer = new byte[16 * 1024];
        int count = await response.ContentStream!.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }
}
