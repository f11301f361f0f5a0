using LongWriter;
using LongWriter.OpenAI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A host application: the writer comes from the container, options are checked when the host starts.
//   dotnet run --project samples/Hosting -- http://localhost:8000/v1 my-model
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<IChatClient>(_ => new OpenAIChatClient(
    new OpenAIChatClientOptions { Endpoint = new Uri(args[0]), Model = args[1] }));
builder.Services.AddLongWriter(options =>
{
    options.MaxSectionWords = 800;
    options.ChatOptions = new ChatOptions { Temperature = 0.7f };
});
builder.Services.AddHostedService<ReportJob>();
await builder.Build().RunAsync();

internal sealed class ReportJob(IAgentWriter writer, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var request = new WritingRequest
        {
            Instruction = "Write a report of at least 3000 words on how cities store heat.",
            Audience = "city planners",
            Headings = HeadingRule.FromPlan,
        };
        WrittenDocument document = await writer.WriteAsync(request, journal: null, stoppingToken);
        Console.WriteLine(document.Text);
        Console.Error.WriteLine($"{document.Words} words, target {document.Planning?.Target}, ended with {document.End}.");
        lifetime.StopApplication();
    }
}
