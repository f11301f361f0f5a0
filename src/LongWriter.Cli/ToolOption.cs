using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace LongWriter.Cli;

/// <summary>Options whose errors are one line: name, allowed, value.</summary>
internal static class ToolOption
{
    /// <summary>A number within bounds, in the invariant culture.</summary>
    public static Option<T?> Number<T>(string name, T minimum, T maximum, string description)
        where T : struct, INumber<T> => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            string token = result.Tokens[0].Value;
            if (T.TryParse(token, NumberStyles.AllowLeadingSign | (typeof(T) == typeof(float) ? NumberStyles.AllowDecimalPoint : 0), CultureInfo.InvariantCulture, out T value)
                && value >= minimum && value <= maximum)
            {
                return value;
            }

            string kind = typeof(T) == typeof(float) ? "number" : "whole number";
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be a {kind} from {minimum} to {maximum} but is \"{token}\"."));
            return null;
        },
    };

    /// <summary>A text that is not empty.</summary>
    public static Option<string?> Text(string name, string description, params string[] aliases)
    {
        var option = new Option<string?>(name, aliases) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{name} must not be empty.");
            }
        });
        return option;
    }

    /// <summary>One of a few words.</summary>
    public static Option<string?> Choice(string name, string description, params string[] allowed)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', allowed) };
        option.CompletionSources.Add(allowed);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !allowed.Contains(result.Tokens[0].Value))
            {
                result.AddError($"{name} must be {string.Join(", ", allowed[..^1])} or {allowed[^1]} but is \"{result.Tokens[0].Value}\".");
            }
        });
        return option;
    }

    /// <summary>An http or https address.</summary>
    public static Option<Uri?> Address(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            string token = result.Tokens[0].Value;
            if (Uri.TryCreate(token, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            {
                return address;
            }

            result.AddError($"{name} must be an address such as http://localhost:8000/v1 but is \"{token}\".");
            return null;
        },
    };
}
