using FsCheck;
using FsCheck.Fluent;
using LongWriter.Writing;

namespace LongWriter.Tests.Writing;

public sealed class PlanBudgetTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(6_000UL, 9UL);

    [Fact]
    public void Aim_EachKind_IsTheNumberTheBudgetsSumTo()
    {
        Assert.Equal(500, PlanBudget.Aim(LengthTarget.Equal(500)));
        Assert.Equal(515, PlanBudget.Aim(LengthTarget.AtLeast(500)));
        Assert.Equal(LengthTarget.MaxValue, PlanBudget.Aim(LengthTarget.AtLeast(LengthTarget.MaxValue)));
        Assert.Equal(475, PlanBudget.Aim(LengthTarget.AtMost(500)));
        Assert.Equal(1, PlanBudget.Aim(LengthTarget.AtMost(1)));
        Assert.Equal(475, PlanBudget.Aim(LengthTarget.Between(400, 500)));
    }

    [Fact]
    public void Rescale_SumAndBoundsKept_ReturnsThePlanItself()
    {
        WritingPlan plan = Plan(333, 667);

        PlanBudgetResult result = PlanBudget.Rescale(plan, LengthTarget.Equal(1_000));

        Assert.Same(plan, result.Plan);
        Assert.Empty(result.Adjustments);
    }

    [Fact]
    public void Rescale_OtherSum_ScalesToTens()
    {
        PlanBudgetResult result = PlanBudget.Rescale(Plan(300, 300, 400), LengthTarget.Equal(2_000));

        Assert.Equal([600, 600, 800], Words(result.Plan));
        Assert.Equal(["The budgets summed to 1,000 words; they were scaled to 2,000."], result.Adjustments);
    }

    [Fact]
    public void Rescale_OddSum_GivesTheOddWordsToTheLast()
    {
        PlanBudgetResult result = PlanBudget.Rescale(Plan(300, 300, 400), LengthTarget.Equal(1_237, LengthUnit.Characters));

        Assert.Equal([370, 370, 497], Words(result.Plan));
        Assert.Equal(["The budgets summed to 1,000 字; they were scaled to 1,237."], result.Adjustments);
    }

    [Fact]
    public void Rescale_AboveMaximum_SplitsWithTheHeadingOnTheFirst()
    {
        WritingPlan plan = new([new PlannedSection("The siege", 300) { Heading = "War" }, new PlannedSection("和平", 300)]);

        PlanBudgetResult result = PlanBudget.Rescale(plan, LengthTarget.Equal(4_200));

        Assert.Equal(
            [
                new PlannedSection("The siege (part 1 of 3)", 700) { Heading = "War" },
                new PlannedSection("The siege (part 2 of 3)", 700),
                new PlannedSection("The siege (part 3 of 3)", 700),
                new PlannedSection("和平（第1部分，共3部分）", 700),
                new PlannedSection("和平（第2部分，共3部分）", 700),
                new PlannedSection("和平（第3部分，共3部分）", 700),
            ],
            result.Plan.Sections);
        Assert.Equal(
            [
                "The budgets summed to 600 words; they were scaled to 4,200.",
                "Section 1 was split into 3 parts because 2,100 words are more than 1,000.",
                "Section 2 was split into 3 parts because 2,100 words are more than 1,000.",
            ],
            result.Adjustments);
    }

    [Fact]
    public void Rescale_TinySections_AreMergedWithTheNext()
    {
        WritingPlan plan = new(
        [
            new PlannedSection("A", 40), new PlannedSection("B", 30) { Heading = "Bee" }, new PlannedSection("C", 500), new PlannedSection("D", 380), new PlannedSection("E", 50),
        ]);

        PlanBudgetResult result = PlanBudget.Rescale(plan, LengthTarget.Equal(1_000));

        Assert.Equal([new PlannedSection("A; B; C", 570) { Heading = "Bee" }, new PlannedSection("D; E", 430)], result.Plan.Sections);
        Assert.Equal(
            [
                "Sections 1 to 3 were merged because sections of fewer than 200 words are too small.",
                "Sections 4 to 5 were merged because sections of fewer than 200 words are too small.",
            ],
            result.Adjustments);
    }

    [Fact]
    public void Rescale_TargetBelowOneSection_MakesOne()
    {
        PlanBudgetResult result = PlanBudget.Rescale(Plan(300, 300, 400), LengthTarget.Equal(57));

        Assert.Equal([new PlannedSection("Point 1; Point 2; Point 3", 57)], result.Plan.Sections);
    }

    [Fact]
    public void Rescale_KeepSections_OnlyScales()
    {
        PlanBudgetResult result = PlanBudget.Rescale(Plan(10, 2_000, 90), LengthTarget.Equal(4_200), new PlanBudgetOptions { KeepSections = true });

        Assert.Equal([20, 4_000, 180], Words(result.Plan));
        Assert.Equal(["The budgets summed to 2,100 words; they were scaled to 4,200."], result.Adjustments);
    }

    [Fact]
    public void Rescale_KeepSectionsMoreThanWords_SaysThatTheSumExceeds()
    {
        PlanBudgetResult result = PlanBudget.Rescale(Plan(10, 20, 30), LengthTarget.Equal(2), new PlanBudgetOptions { KeepSections = true });

        Assert.Equal([1, 1, 1], Words(result.Plan));
        Assert.Equal(["The plan has 3 sections for 2 words; each got a budget of 1, which exceeds the target."], result.Adjustments);
    }

    [Fact]
    public void Rescale_BadPlanOrOptions_NamesThem()
    {
        Assert.Equal("The plan must have at least one section but has none. (Parameter 'plan')", Refusal(new WritingPlan([]), new PlanBudgetOptions()));
        Assert.Equal("Words of section 2 must be at least 1 but is 0. (Parameter 'plan')", Refusal(Plan(5, 0), new PlanBudgetOptions()));
        Assert.Equal(
            "MinSectionWords must be 1 to 1000000 but is 0. PreferredSectionWords must be between MinSectionWords (0) and MaxSectionWords (1000) but is 2000.",
            Refusal(Plan(5), new PlanBudgetOptions { MinSectionWords = 0, PreferredSectionWords = 2_000 }));
        Assert.Equal(
            "MaxSectionWords must be at least twice MinSectionWords (200) but is 300. PreferredSectionWords must be between MinSectionWords (200) and MaxSectionWords (300) but is 500.",
            Refusal(Plan(5), new PlanBudgetOptions { MaxSectionWords = 300 }));
    }

    [Fact]
    public void Rescale_AnyPlan_KeepsSumBoundsOrderAndMainPoints() => Prop.ForAll(Cases.ToArbitrary(), static given =>
    {
        PlanBudgetResult result = PlanBudget.Rescale(given.Plan, LengthTarget.Equal(given.Aim), given.Options);

        Assert.Equal(given.Aim, result.Plan.TotalWords);
        Assert.All(result.Plan.Sections, static section => Assert.True(section.Words >= 1));
        if (given.Aim >= given.Options.MinSectionWords)
        {
            Assert.All(result.Plan.Sections, section => Assert.InRange(section.Words, given.Options.MinSectionWords, given.Options.MaxSectionWords));
        }
        else
        {
            Assert.Single(result.Plan.Sections);
        }

        string all = string.Join('\n', result.Plan.Sections.Select(static section => section.MainPoint));
        int place = 0;
        foreach (PlannedSection section in given.Plan.Sections)
        {
            place = all.IndexOf(section.MainPoint, place, StringComparison.Ordinal);
            Assert.True(place >= 0, $"\"{section.MainPoint}\" is missing in \"{all}\".");
        }

        Assert.Same(result.Plan, PlanBudget.Rescale(result.Plan, LengthTarget.Equal(given.Aim), given.Options).Plan);
    }).Check(Fixed);

    [Fact]
    public void Rescale_AnyPlanKept_KeepsEverythingButBudgets() => Prop.ForAll(Cases.ToArbitrary(), static given =>
    {
        PlanBudgetOptions options = given.Options with { KeepSections = true };
        PlanBudgetResult result = PlanBudget.Rescale(given.Plan, LengthTarget.Equal(given.Aim), options);

        Assert.Equal(Math.Max(given.Aim, given.Plan.Sections.Count), result.Plan.TotalWords);
        Assert.Equal(given.Plan.Sections.Select(static s => s with { Words = 1 }), result.Plan.Sections.Select(static s => s with { Words = 1 }));
        Assert.All(result.Plan.Sections, static section => Assert.True(section.Words >= 1));
        Assert.Equal(result.Plan, PlanBudget.Rescale(result.Plan, LengthTarget.Equal(given.Aim), options).Plan);
    }).Check(Fixed);

    [Fact]
    public void Allocate_EqualBounds_FollowsTheWeightsWithinOneUnit() => Prop.ForAll(
        Gen.NonEmptyListOf(Gen.Choose(1, 5_000)).ToArbitrary(),
        static weights =>
        {
            int[] given = [.. weights];
            int total = 10 * (given.Length + given.Sum());
            int[] budgets = BudgetAllocation.Allocate(given, total, 1, total);
            Assert.Equal(total, budgets.Sum());
            Assert.All(budgets, static budget => Assert.Equal(0, budget % 10));

            // The lower bound of one ten lifts the lightest, so only sections above it are held to their share.
            double scale = (double)total / given.Sum();
            Assert.All(given.Zip(budgets), pair => Assert.True(pair.Second <= Math.Max(10, (pair.First * scale) + 10)));
        }).Check(Fixed);

    [Theory]
    [InlineData(1)]
    [InlineData(199)]
    [InlineData(200)]
    [InlineData(501)]
    [InlineData(1_000)]
    [InlineData(1_234)]
    [InlineData(30_000)]
    [InlineData(1_000_000)]
    public void Even_AnyTarget_SumsExactlyWithDistinctRoles(int aim)
    {
        foreach (bool chinese in new[] { false, true })
        {
            WritingPlan plan = PlanBudget.Even("the Roman Empire", LengthTarget.Equal(aim), null, chinese);

            Assert.Equal(aim, plan.TotalWords);
            Assert.Equal(plan.Sections.Count, plan.Sections.Select(static section => section.MainPoint).Distinct().Count());
            Assert.True(aim < 200 ? plan.Sections.Count == 1 : plan.Sections.All(static section => section.Words is >= 200 and <= 1_000));
            Assert.True(plan.Sections.Max(static section => section.Words) - plan.Sections.Min(static section => section.Words) < 20);
        }
    }

    [Fact]
    public void Even_FourSections_OpensDevelopsAndCloses()
    {
        WritingPlan plan = PlanBudget.Even("the Roman\nEmpire", LengthTarget.Equal(2_000));

        Assert.Equal(
            [
                new PlannedSection("Opening: lead into the subject and set up what follows (the Roman Empire)", 500),
                new PlannedSection("Development, part 1 of 2: take up the next aspect that has not been covered, in concrete detail", 500),
                new PlannedSection("Development, part 2 of 2: take up the next aspect that has not been covered, in concrete detail", 500),
                new PlannedSection("Conclusion: bring the threads together and close", 500),
            ],
            plan.Sections);
    }

    [Fact]
    public void Even_EmojiAtTheCut_IsNotHalved()
    {
        WritingPlan plan = PlanBudget.Even(new string('a', 199) + "🙂🙂", LengthTarget.Equal(100));

        Assert.Equal($"Answer the whole request: {new string('a', 199)}…", plan.Sections[0].MainPoint);
    }

    private static Gen<(WritingPlan Plan, int Aim, PlanBudgetOptions Options)> Cases { get; } =
        from words in Gen.NonEmptyListOf(Gen.OneOf(Gen.Choose(1, 60), Gen.Choose(100, 1_500), Gen.Choose(1, 1_000_000)))
        from aim in Gen.OneOf(Gen.Choose(1, 400), Gen.Choose(400, 20_000), Gen.Choose(20_000, 200_000))
        from minimum in Gen.Elements(1, 7, 50, 200, 333)
        from factor in Gen.Choose(2, 6)
        select (Plan([.. words]), aim, new PlanBudgetOptions { MinSectionWords = minimum, MaxSectionWords = Math.Max(20, minimum * factor), PreferredSectionWords = minimum });

    private static WritingPlan Plan(params int[] words) => new([.. words.Select(static (budget, i) => new PlannedSection($"Point {i + 1}", budget))]);

    private static int[] Words(WritingPlan plan) => [.. plan.Sections.Select(static section => section.Words)];

    private static string Refusal(WritingPlan plan, PlanBudgetOptions options) =>
        Assert.Throws<ArgumentException>(() => PlanBudget.Rescale(plan, LengthTarget.Equal(100), options)).Message;
}
