using LongWriter;
using LongWriter.OpenAI;
using LongWriter.Writing;

// Any IChatClient will do. This one talks to a server on this machine that speaks OpenAI's protocol:
//   dotnet run --project samples/Console -- http://localhost:8000/v1 my-model
using var client = new OpenAIChatClient(new OpenAIChatClientOptions { Endpoint = new Uri(args[0]), Model = args[1] });
var writer = new AgentWriter(client);
var request = new WritingRequest { Instruction = "Write a 5000-word story about the keeper of a lighthouse." };

await using FileWritingJournal journal = FileWritingJournal.Open("lighthouse.journal");
await foreach (WritingUpdate update in writer.WriteStreamingAsync(request, journal))
{
    switch (update)
    {
        case PlanReady plan: Console.Error.WriteLine($"{plan.Planning.Plan.Sections.Count} sections for {plan.Planning.Target}"); break;
        case SectionAccepted accepted: Console.WriteLine(accepted.Section.Text + "\n"); break;
        case DocumentEnded { End: not EndCause.Stop } ended: Console.Error.WriteLine($"Not complete: {ended.Failure}"); break;
    }
}
