using System.ClientModel.Primitives;
using System.Globalization;
using System.Net.Http.Headers;

namespace LongWriter.OpenAI;

/// <summary>How long a server asks to wait. Source: RFC 9110, section 10.2.3 (seconds or a date); retry-after-ms is OpenAI's finer one.</summary>
internal static class RetryAfterHeader
{
    /// <summary>The wait, never below zero, or null when the server names none that can be read.</summary>
    public static TimeSpan? Read(PipelineResponseHeaders headers, TimeProvider clock)
    {
        if (headers.TryGetValue("retry-after-ms", out string? fine)
            && long.TryParse(fine, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            && milliseconds <= int.MaxValue)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        if (!headers.TryGetValue("Retry-After", out string? value) || !RetryConditionHeaderValue.TryParse(value, out RetryConditionHeaderValue? parsed))
        {
            return null;
        }

        TimeSpan? wait = parsed.Delta ?? parsed.Date - clock.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
