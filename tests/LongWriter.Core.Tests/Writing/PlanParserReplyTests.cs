using LongWriter.Writing;

namespace LongWriter.Tests.Writing;

/// <summary>Replies of many shapes, in the shapes models really give them.</summary>
public sealed class PlanParserReplyTests
{
    private static readonly PlanReply[] All =
        [.. PlanReplyLists.All, .. PlanReplyOutlines.All, .. PlanReplyChinese.All, .. PlanReplyTables.All, .. PlanReplyJson.All, .. PlanReplyBroken.All];

    public static TheoryData<string> Names => new(All.Select(static reply => reply.Name));

    [Fact]
    public void Replies_AreManyAndDistinct()
    {
        Assert.True(All.Length >= 60, $"There are {All.Length} replies.");
        Assert.Equal(All.Length, All.Select(static reply => reply.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_Reply_GivesExactlyThisPlanOrComplaint(string name)
    {
        PlanReply reply = All.Single(candidate => candidate.Name == name);

        PlanParseResult result = PlanParser.Parse(reply.Text);

        Assert.Equal(reply.Expected, PlanReply.Show(result));
        Assert.Equal(result.Plan is null, result.Problems.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_ReplyWithWindowsLineBreaks_GivesTheSame(string name)
    {
        PlanReply reply = All.Single(candidate => candidate.Name == name);

        PlanParseResult result = PlanParser.Parse(reply.Text.Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal(reply.Expected, PlanReply.Show(result));
    }
}
