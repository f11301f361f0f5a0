using System.Globalization;
using System.Text.RegularExpressions;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Integration.Tests;

/// <summary>The whole way with the embedded model: it plans, it writes, and what comes out is a document and nothing else.</summary>
[Collection(nameof(LocalModel))]
public sealed partial class WrittenTextTests(LocalModel model)
{
    [Theory]
    [InlineData(4, null)]
    [InlineData(4, 100)]
    public async Task WriteAsync_StoryPlannedByTheModel_IsProseWithAnHonestEnd(long seed, int? maxOutputTokens)
    {
        using MeteredChatClient client = model.Open();
        WrittenDocument document = await new AgentWriter(client, Documents.Options(new ChatOptions { Temperature = 0.5f, MaxOutputTokens = maxOutputTokens }))
            .WriteAsync(new WritingRequest { Instruction = "Write a 500-word story about a lighthouse.", Seed = seed * 100_000 }, null, Documents.Stop);
        Documents.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"Plan: {document.Planning?.Origin}, {document.Planning?.Plan.Sections.Count} sections; {document.Words} words; ends: {string.Join(", ", document.Sections.Select(section => section.End))}."));

        Assert.Null(document.Failure);
        Assert.Equal(document.Planning!.Plan.Sections.Count, document.Sections.Count);
        Assert.DoesNotMatch(PlanLine(), document.Text);
        Assert.DoesNotContain("<|im_", document.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', document.Text);

        // Where the model did not end a section itself, the section says so, and so does the document.
        Assert.Matches(SentenceEnd(), document.Text);
        Assert.All(document.Sections.Where(section => section.End != EndCause.Stop), section => Assert.Matches(SentenceEnd(), section.Text));
        Assert.Equal(document.Sections.All(section => section.End == EndCause.Stop), document.End == EndCause.Stop);
        Assert.True(maxOutputTokens is null || document.Sections.Any(section => section.End == EndCause.Length), "Nothing was cut, so nothing was shown.");
    }

    /// <summary>A line of a plan, as this model was taught to write them.</summary>
    [GeneratedRegex(@"^\s*Paragraph \d+ - |Word Count: \d+", RegexOptions.Multiline)]
    private static partial Regex PlanLine();

    /// <summary>A stop at the end of the text, closing quotes and brackets after it or not.</summary>
    [GeneratedRegex(@"[.!?…][”’""')\]]*\z")]
    private static partial Regex SentenceEnd();
}
