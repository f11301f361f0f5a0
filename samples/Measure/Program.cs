using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;
using LongWriter.OpenAI;
using LongWriter.Scoring;
using LongWriter.Writing;

// How long can a model write, by itself and with the writer? A run of six requests at two lengths, and a page to look at:
//   dotnet run -c Release --project samples/Measure -- http://localhost:8000/v1 my-model measured
using var client = new OpenAIChatClient(new OpenAIChatClientOptions { Endpoint = new Uri(args[0]), Model = args[1] });
var runner = new BenchmarkRunner(
    LengthRuler.Create(lengths: [1_000, 4_000], languages: ["en"]),
    [new ChatSubject(client), AgentSubject.Create(client, new AgentWriterOptions())],
    new BenchmarkRunnerOptions { Concurrency = 4, Resume = Directory.Exists(args[2]) });

BenchmarkRun run = await runner.RunAsync(args[2]);
BenchmarkReport report = await ReportWriter.WriteAsync([run], args[2], new ReportOptions { LengthScorer = LengthScorers.Paper });
foreach (SubjectReport subject in report.Subjects)
{
    Console.WriteLine($"{subject.Label}: mean length {subject.MeanProduced:0}, S_l {subject.Length?.Mean:0.0}");
}

Console.WriteLine($"Look at {Path.Combine(args[2], ReportWriter.HtmlFileName)}");
