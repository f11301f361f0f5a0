using LongWriter;
using LongWriter.Onnx;
using LongWriter.Prompts;
using LongWriter.Writing;

// A document that is broken off and goes on in another process, on the small model of this repository. The second run reads nothing again and writes what the
// first would have written:
//   dotnet run -c Release --project samples/GoingOn
string folder = Directory.CreateTempSubdirectory("longwriter-sample-").FullName;
var options = new AgentWriterOptions { Prompts = PromptStyle.Brief, MinSectionWords = 150, MaxSectionWords = 400, SingleSectionWords = 400 };
var request = new WritingRequest { Instruction = "Write a 1500-word story about a lighthouse", Seed = 1 };

using (OnnxChatClient first = Load())
{
    // Whoever leaves the loop leaves the run: what was accepted by then is in the journal, and what was computed for it beside it.
    await using FileWritingJournal journal = FileWritingJournal.Open(folder);
    await foreach (WritingUpdate update in new AgentWriter(first, options).WriteStreamingAsync(request, journal))
    {
        if (update is SectionAccepted { Section.Index: 2 })
        {
            break;
        }
    }
}

Console.WriteLine($"Broken off after three sections. In {folder}:");
foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
{
    Console.WriteLine($"  {file.Name}: {file.Length:N0} bytes");
}

using (OnnxChatClient second = Load())
{
    await using FileWritingJournal journal = FileWritingJournal.Open(folder);
    WrittenDocument resumed = await new AgentWriter(second, options).ResumeStreamingAsync(journal).ToWrittenDocumentAsync();
    WrittenDocument undisturbed = await new AgentWriter(second, options).WriteAsync(request);
    Console.WriteLine($"Gone on: {resumed.Length}. The same text as without a break: {resumed.Text == undisturbed.Text}");
}

Directory.Delete(folder, recursive: true);

OnnxChatClient Load() => OnnxChatClient.Load(new OnnxChatClientOptions
{
    ModelFolder = Path.Combine(AppContext.BaseDirectory, "models", "longwriter-tiny"),

    // Also the default in this profile. Counts are in the usage of each reply: longwriter.drafted_tokens and longwriter.accepted_tokens.
    Speculation = new SpeculationOptions { PromptLookup = true },
});
