using System.Globalization;
using LongWriter.Onnx;
using LongWriter.Onnx.Export;
using LongWriter.Prompts;
using LongWriter.Writing;

namespace LongWriter.ExportQuality;

/// <summary>What the embedded model does in each form of export: how often its plans are read at the first try, and how its section lengths follow what is asked.</summary>
/// <param name="modelFolder">Hugging Face folder of the model.</param>
/// <param name="plansPerLength">Plans asked for each length.</param>
internal sealed class BehaviourRun(string modelFolder, int plansPerLength)
{
    private const int SectionsPerDocument = 3;
    private const int DocumentsPerLength = 5;

    private static readonly ExportForm[] Forms =
    [
        new(WeightPrecision.Float32, 32, KvPrecision.Float32), new(WeightPrecision.Int8, 32, KvPrecision.Int8), new(WeightPrecision.Int4, 32, KvPrecision.Int8),
    ];

    private static readonly int[] PlanWords = [1000, 2000, 3000, 5000, 10000];

    private static readonly int[] SectionWords = [150, 200, 250, 300, 350, 400];

    private static readonly string[] Topics =
    [
        "a voyage around the world", "the keeper of a lighthouse", "a lost letter and the old house", "a storm at sea", "two sisters and a garden",
        "the history of a small town", "a journey through the mountains", "the captain and his crew", "a winter in the forest", "an inheritance",
    ];

    /// <summary>Writes the tables to <paramref name="output"/> and every section, one line of CSV each, to <paramref name="sections"/>.</summary>
    public async Task WriteAsync(TextWriter output, TextWriter sections)
    {
        await sections.WriteLineAsync("form,kind,asked,produced");
        await output.WriteLineAsync("| weights | keys and values | plans read at the first try | of them stopped, as they did not end | of the right number of lines (±10 %) | mean deviation of their sum | sections within 20 % of what was asked | mean deviation | rank correlation |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|---|");
        DirectoryInfo root = Directory.CreateTempSubdirectory("longwriter-behaviour-");
        try
        {
            foreach (ExportForm form in Forms)
            {
                string folder = Path.Combine(root.FullName, form.Name.Replace(", ", "-", StringComparison.Ordinal));
                ModelExporter.Export(modelFolder, folder, form.ToOptions());
                using OnnxChatClient client = OnnxChatClient.Load(new OnnxChatClientOptions { ModelFolder = folder });
                await output.WriteLineAsync(await MeasureAsync(form, client, sections));
            }
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private async Task<string> MeasureAsync(ExportForm form, OnnxChatClient client, TextWriter csv)
    {
        // No plan is repaired, no section continued or held to its length: this is the model by itself.
        var options = new AgentWriterOptions
        {
            Prompts = PromptStyle.Brief,
            MinSectionWords = 150,
            MaxSectionWords = 400,
            SingleSectionWords = 400,
            MaxPlanRepairs = 0,
            MaxContinuations = 0,
            Length = LengthControl.Open,
        };
        var planner = new AgentWriter(client, options);
        int asked = 0, read = 0, stopped = 0, counted = 0;
        List<double> sums = [];
        List<WritingPlan> plans = [];
        foreach (int words in PlanWords)
        {
            for (int i = 0; i < plansPerLength; i++)
            {
                string instruction = Text($"Write a {words}-word story about {Topics[i % Topics.Length]}");
                PlanningResult planning = await planner.PlanAsync(new WritingRequest { Instruction = instruction, Seed = 1000 + i });
                asked++;
                if (planning.Origin == PlanOrigin.Model)
                {
                    read++;
                    plans.Add(planning.Plan);
                    stopped += planning.Adjustments.Any(text => text.StartsWith("The plan did not end", StringComparison.Ordinal)) ? 1 : 0;
                    string? scaled = planning.Adjustments.FirstOrDefault(text => text.StartsWith("The budgets summed", StringComparison.Ordinal));
                    int sum = scaled is null ? words : int.Parse(scaled.Split(' ')[4], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
                    sums.Add(Math.Abs(sum - words) / (double)words);
                    double expected = Math.Ceiling(words / 275.0);
                    counted += Math.Abs(planning.Plan.Sections.Count - expected) <= 0.1 * expected ? 1 : 0;
                }
            }
        }

        List<(int Asked, int Produced)> lengths = [];
        foreach (int words in SectionWords)
        {
            for (int i = 0; i < DocumentsPerLength && plans.Count > 0; i++)
            {
                WritingPlan plan = plans[i * 7 % plans.Count];
                var given = new WritingPlan([.. plan.Sections.Take(SectionsPerDocument).Select(section => section with { Words = words })]);
                var request = new WritingRequest { Instruction = Text($"Write a {words * given.Sections.Count}-word story about {Topics[i]}"), Plan = given, Seed = i };
                WrittenDocument document = await planner.WriteAsync(request);
                foreach (WrittenSection section in document.Sections)
                {
                    lengths.Add((words, section.Words));
                    await csv.WriteLineAsync(Text($"{form.Name.Replace(", ", " ", StringComparison.Ordinal)},section,{words},{section.Words}"));
                }
            }
        }

        if (lengths.Count == 0)
        {
            return Text($"| {form.Name} | {form.KvName} | 0 of {asked} | | | | | | |");
        }

        double within = lengths.Count(pair => Math.Abs(pair.Produced - pair.Asked) <= 0.2 * pair.Asked) / (double)lengths.Count;
        double deviation = lengths.Average(pair => Math.Abs(pair.Produced - pair.Asked) / (double)pair.Asked);
        return Text($"| {form.Name} | {form.KvName} | {read} of {asked} ({read / (double)asked:0 %}) | {stopped} | {counted} of {read} | {(sums.Count == 0 ? double.NaN : sums.Average()):0.0 %} | {within:0 %} of {lengths.Count} | {deviation:0 %} | {RankCorrelation(lengths):0.00} |");
    }

    /// <summary>Spearman's, with mean ranks for ties.</summary>
    private static double RankCorrelation(List<(int Asked, int Produced)> pairs)
    {
        double[] x = Ranks([.. pairs.Select(pair => pair.Asked)]);
        double[] y = Ranks([.. pairs.Select(pair => pair.Produced)]);
        (double mx, double my) = (x.Average(), y.Average());
        double covariance = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum();
        return covariance / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
    }

    private static double[] Ranks(int[] values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) + 1) / 2.0))];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
