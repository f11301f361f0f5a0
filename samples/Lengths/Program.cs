using LongWriter;
using LongWriter.Onnx;
using LongWriter.Prompts;
using LongWriter.Writing;

// The same request with the loop closed and open, on the small model of this repository:
//   dotnet run -c Release --project samples/Lengths -- "Write a 1200-word story about a lighthouse"
string instruction = args.FirstOrDefault() ?? "Write a 1200-word story about a lighthouse";
using OnnxChatClient client = OnnxChatClient.Load(new OnnxChatClientOptions
{
    ModelFolder = Path.Combine(AppContext.BaseDirectory, "models", "longwriter-tiny"),
});

foreach (LengthControl control in new[] { LengthControl.Closed, LengthControl.Open })
{
    // What so small a model needs; a real one needs no options but the one in question.
    var options = new AgentWriterOptions { Length = control, Prompts = PromptStyle.Brief, MinSectionWords = 150, MaxSectionWords = 400, SingleSectionWords = 400 };
    WrittenDocument document = await new AgentWriter(client, options).WriteAsync(new WritingRequest { Instruction = instruction, Seed = 1 });

    Console.WriteLine($"{control}: {document.Length}");
    Console.WriteLine($"  sections: {string.Join(", ", document.Sections.Select(section => $"{section.Words} of {section.AimedWords}"))}");
    Console.WriteLine($"  {document.Usage.Calls} calls, {document.Usage.OutputTokens} tokens generated, {document.DiscardedTokens} of them discarded");
    if (document.Length is { IsMet: false, Reason: { } reason })
    {
        Console.WriteLine($"  missed: {reason}");
    }
}
