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
    [InlineData(1, null, EndCause.Stop)]
    [InlineData(2, 100, EndCause.Length)]
    public async Task WriteAsync_StoryPlannedByTheModel_IsProseWithAnHonestEnd(long seed, int? maxOutputTokens, EndCause end)
    {
        using MeteredChatClient client = model.Open();
        WrittenDocument document = await new AgentWriter(client, Documents.Options(new ChatOptions { MaxOutputTokens = maxOutputTokens }))
            .WriteAsync(new WritingRequest { Instruction = "Write a 500-word story about a lighthouse.", Seed = seed * 100_000 }, null, Documents.Stop);
        Documents.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"Plan: {document.Planning?.Origin}, {document.Planning?.Plan.Sections.Count} sections; {document.Words} words; ends: {string.Join(", ", document.Sections.Select(section => section.End))}."));

        Assert.Null(document.Failure);
        Assert.Equal(document.Planning!.Plan.Sections.Count, document.Sections.Count);
        Assert.DoesNotMatch(PlanLine(), document.Text);
        Assert.DoesNotContain("<|im_", document.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', document.Text);
        Assert.Equal(end, document.End);
        Assert.Matches(SentenceEnd(), document.Text);
        Assert.All(document.Sections.Where(section => section.End == EndCause.Length), section => Assert.Matches(SentenceEnd(), section.Text));
    }

    /// <summary>A line of a plan, as this model was taught to write them.</summary>
    [GeneratedRegex(@"^\s*Paragraph \d+ - |Word Count: \d+", RegexOptions.Multiline)]
    private static partial Regex PlanLine();

    /// <summary>A stop at the end of the text, closing quotes and brackets after it or not.</summary>
    [GeneratedRegex(@"[.!?…][”’""')\]]*\z")]
    private static partial Regex SentenceEnd();
}
