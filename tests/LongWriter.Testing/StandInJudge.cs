using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LongWriter.Testing;

/// <summary>
/// A scripted judge: six marks drawn from a hash of what it is asked, so that the same question gets the same marks. The name of the model says how
/// well it keeps to the form: "judge" does, "judge-careless" spoils its first reply to every question, "judge-hopeless" never gives a mark. It is
/// no model; its marks mean nothing.
/// </summary>
public static class StandInJudge
{
    /// <summary>The names it answers to.</summary>
    public static IReadOnlyList<string> Models { get; } = ["judge", Careless, Hopeless];

    private const string Careless = "judge-careless";
    private const string Hopeless = "judge-hopeless";

    private static readonly string[] Dimensions = ["Relevance", "Accuracy", "Coherence", "Clarity", "Breadth and Depth", "Reading Experience"];

    /// <summary>Whether a request is for this judge.</summary>
    public static bool IsAsked(LoopbackRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Models.Contains(request.Model);
    }

    /// <summary>The answer to a request, as a script of <see cref="LoopbackOpenAIServer"/>.</summary>
    public static LoopbackReply Answer(LoopbackRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{request.Seed}|{request.Messages[0].Text}")));
        string marks = Marks(hash);
        bool isReasked = request.Messages.Count > 1;
        return LoopbackReply.Write(request.Model switch
        {
            Hopeless => "I would rather not put a number on a text like this.",
            Careless when !isReasked => Spoil(marks, hash[^1]),
            _ => marks,
        });
    }

    /// <summary>3 to 5, now and then 2.</summary>
    private static string Marks(byte[] hash)
    {
        IEnumerable<string> marks = Dimensions.Select((name, index) => FormattableString.Invariant($"\"{name}\": {(hash[index] < 20 ? 2 : 3 + (hash[index] % 3))}"));
        return $"{{\"Analysis\": \"A text with strengths and faults.\", {string.Join(", ", marks)}}}";
    }

    /// <summary>In one of four ways that no reader can make good.</summary>
    private static string Spoil(string marks, byte how) => (how % 4) switch
    {
        0 => marks[..(marks.Length / 2)],
        1 => marks.Replace("\"Clarity\": ", "\"Clarity\": 1", StringComparison.Ordinal),
        2 => "Relevance is fine, accuracy too.",
        _ => marks.Replace("\"Coherence\"", "\"Flow\"", StringComparison.Ordinal),
    };
}
