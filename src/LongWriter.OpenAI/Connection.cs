using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using OpenAI;
using OpenAI.Chat;

namespace LongWriter.OpenAI;

/// <summary>Checked options: who is called, under which name it goes in messages and metadata, and with what key.</summary>
internal sealed class Connection
{
    private const string OpenAIHost = "api.openai.com";
    private const string KeyVariable = "OPENAI_API_KEY";

    // OpenAI-compatible servers without a key ignore the header, but the package insists on having one to send.
    private const string PlaceholderKey = "not-needed";

    private static readonly Uri OpenAIEndpoint = new($"https://{OpenAIHost}/v1");

    public Connection(OpenAIChatClientOptions options, Func<string, string?> environment)
    {
        Options = options;
        Endpoint = options.Endpoint ?? OpenAIEndpoint;
        IsOpenAI = Endpoint.IsAbsoluteUri && Endpoint.Host.Equals(OpenAIHost, StringComparison.OrdinalIgnoreCase);
        string? key = options.ApiKey ?? (IsOpenAI ? environment(KeyVariable) : PlaceholderKey);
        Check(options, key);

        Key = key!;
        LimitField = options.OutputLimitField ?? (IsOpenAI ? OutputLimitField.MaxCompletionTokens : OutputLimitField.MaxTokens);
        DisplayName = Endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }

    public OpenAIChatClientOptions Options { get; }

    public Uri Endpoint { get; }

    /// <summary>True for OpenAI's own endpoint, which knows no fields beyond its own.</summary>
    public bool IsOpenAI { get; }

    public string Key { get; }

    public OutputLimitField LimitField { get; }

    /// <summary>The endpoint as messages name it: no user name, no password, no query.</summary>
    public string DisplayName { get; }

    /// <summary>OpenTelemetry's name of the provider; for a custom endpoint its host, since nobody can tell what serves there.</summary>
    public string ProviderName => IsOpenAI ? "openai" : Endpoint.Host;

    public ChatClient Open()
    {
        var pipeline = new OpenAIClientOptions
        {
            Endpoint = Endpoint,
            NetworkTimeout = Options.NetworkTimeout,

            // LongWriter's calling layer retries; two layers would multiply the attempts and hide the first from the budget.
            RetryPolicy = new ClientRetryPolicy(0),
            Transport = Options.HttpClient is null ? SharedTransport.Instance : new HttpClientPipelineTransport(Options.HttpClient),
        };
        return new ChatClient(Options.Model, new ApiKeyCredential(Key), pipeline);
    }

    private void Check(OpenAIChatClientOptions options, string? key)
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(options.Model))
        {
            errors.Add($"Model must name a model but is '{options.Model}'.");
        }

        if (!Endpoint.IsAbsoluteUri || (Endpoint.Scheme != Uri.UriSchemeHttp && Endpoint.Scheme != Uri.UriSchemeHttps))
        {
            errors.Add($"Endpoint must be an absolute http or https address but is '{Endpoint.OriginalString}'.");
        }

        if (string.IsNullOrEmpty(key))
        {
            errors.Add(
                $"ApiKey must be given, or the environment variable {KeyVariable} set, to call {OpenAIHost}; "
                + "to call a server of your own, set Endpoint.");
        }
        else if (key.Any(character => character is <= ' ' or > '~'))
        {
            errors.Add("ApiKey must be visible ASCII characters only but has others, such as a space or a line break.");
        }

        if (options.NetworkTimeout <= TimeSpan.Zero)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"NetworkTimeout must be above zero but is {options.NetworkTimeout}."));
        }

        if (options.OutputLimitField is { } field && !Enum.IsDefined(field))
        {
            errors.Add($"OutputLimitField must be MaxCompletionTokens, MaxTokens or null but is {field}.");
        }

        if (options.TimeProvider is null)
        {
            errors.Add("TimeProvider must not be null.");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors));
        }
    }
}
