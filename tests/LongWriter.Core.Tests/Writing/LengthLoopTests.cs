using LongWriter.Writing;

namespace LongWriter.Core.Tests.Writing;

/// <summary>The arithmetic of the closed loop, over many seeded documents.</summary>
public sealed class LengthLoopTests
{
    private static readonly AgentWriterOptions Options = new();

    [Theory]
    [InlineData(LengthKind.Equal)]
    [InlineData(LengthKind.AtLeast)]
    [InlineData(LengthKind.AtMost)]
    [InlineData(LengthKind.Range)]
    public void WindowOf_SectionsInsideTheirWindows_ComeToTheTarget(LengthKind kind)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            LengthTarget target = Target(kind, random.Next(300, 30_000));
            PlanningResult planning = Planning(target, random);
            var loop = new LengthLoop(planning, Options, steersDecoding: seed % 2 == 0);
            int count = planning.Plan.Sections.Count;
            for (int index = 0; index < count; index++)
            {
                SectionWindow window = loop.WindowOf(index);
                Assert.InRange(window.Floor, 0, window.Aim);
                Assert.InRange(window.Aim, 1, window.Ceiling);
                Assert.Equal(index == count - 1, window.IsFinal);
                loop.Accept(random.Next(window.Floor, window.Ceiling + 1));
            }

            var outcome = new LengthOutcome(target, loop.Produced);
            Assert.True(outcome.IsMet, $"seed {seed}: {outcome}");
        }
    }

    [Fact]
    public void WindowOf_SectionsOfAnyLength_NeverNegativeAndSumsArePreserved()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            LengthTarget target = LengthTarget.Equal(random.Next(1, 20_000));
            PlanningResult planning = Planning(target, random);
            var loop = new LengthLoop(planning, Options, steersDecoding: true);
            WritingPlan plan = planning.Plan;
            int revisions = 0;
            for (int index = 0; index < plan.Sections.Count; index++)
            {
                // Every budget from here on, taken as it is, gives the target, as long as there is something left to give.
                SectionWindow window = loop.WindowOf(index);
                Assert.True(window.Floor >= 0 && window.Aim >= 1 && window.Ceiling >= window.Aim);
                loop.Accept(random.Next(0, 4) switch { 0 => 0, 1 => window.Aim / 3, 2 => window.Aim, _ => window.Aim * 3 });
                if (loop.Replan(plan, out string reason) is { } revised)
                {
                    revisions++;
                    Assert.NotEqual("", reason);
                    Assert.Equal(plan.Sections.Take(index + 1), revised.Sections.Take(index + 1));
                    int left = revised.Sections.Skip(index + 1).Sum(section => section.Words);
                    Assert.True(left == 0 ? loop.Produced >= target.Value - Math.Max(10, target.Value / 100) : left == target.Value - loop.Produced, $"seed {seed}: {left} for {target.Value - loop.Produced}");
                    plan = revised;
                }
            }

            // Sections are added only for what is missing, and each brings at least something or the run ends: it terminates.
            Assert.InRange(plan.Sections.Count, 1, 400);
        }
    }

    [Fact]
    public void WindowOf_Parts_BalanceInsideThemselvesOnly()
    {
        var plan = new WritingPlan([Part(1, 300), Part(1, 200), Part(2, 1000), Part(2, 1000)]);
        var loop = new LengthLoop(new PlanningResult(plan, PlanOrigin.User, LengthTarget.Equal(2500), default, []), Options, steersDecoding: true);

        loop.Accept(345);
        Assert.Equal((155, true), (loop.WindowOf(1).Aim, loop.WindowOf(1).IsFinal));
        loop.Accept(155);
        Assert.Equal((1000, false), (loop.WindowOf(2).Aim, loop.WindowOf(2).IsFinal));
        loop.Accept(900);
        Assert.Equal(1100, loop.WindowOf(3).Aim);
    }

    [Theory]
    [InlineData(0.4, 250)]
    [InlineData(0.1, 200)]
    [InlineData(2.0, 50)]
    [InlineData(8.0, 50)]
    public void Ask_ModelThatGivesAShare_AsksForMoreOrLessWithinAFactorOfTwo(double share, int expected)
    {
        var loop = new LengthLoop(Planning(LengthTarget.Equal(1000), new Random(1)), Options, steersDecoding: false);

        loop.Observe(100, (int)(100 * share), stopped: false);

        Assert.Equal(Math.Clamp(expected, 50, 200), loop.Ask(100));
    }

    [Fact]
    public void Ask_StoppedReply_IsNotTakenForAShortOne()
    {
        var loop = new LengthLoop(Planning(LengthTarget.Equal(1000), new Random(1)), Options, steersDecoding: false);

        loop.Observe(100, 60, stopped: true);
        Assert.Equal(100, loop.Ask(100));
        loop.Observe(100, 200, stopped: true);
        Assert.Equal(50, loop.Ask(100));
    }

    private static LengthTarget Target(LengthKind kind, int words) => kind switch
    {
        LengthKind.AtLeast => LengthTarget.AtLeast(words),
        LengthKind.AtMost => LengthTarget.AtMost(words),
        LengthKind.Range => LengthTarget.Between(words, words + 100 + (words / 5)),
        _ => LengthTarget.Equal(words),
    };

    private static PlanningResult Planning(LengthTarget target, Random random)
    {
        WritingPlan plan = PlanBudget.Rescale(
            new WritingPlan([.. Enumerable.Range(0, random.Next(1, 12)).Select(index => new PlannedSection($"point {index}", random.Next(50, 900)))]), target).Plan;
        return new PlanningResult(plan, PlanOrigin.Model, target, default, []);
    }

    private static PlannedSection Part(int part, int words) => new($"part {part}", words) { Part = part };
}
