using LongWriter;
using LongWriter.Onnx;
using LongWriter.Prompts;
using LongWriter.Writing;

// The model of LongWriter.Models.Tiny, which lies beside the program.
using OnnxChatClient client = OnnxChatClient.Load(new OnnxChatClientOptions
{
    ModelFolder = Path.Combine(AppContext.BaseDirectory, "models", "longwriter-tiny"),
});

// What so small a model needs; a real one needs no options.
var writer = new AgentWriter(client, new AgentWriterOptions
{
    Prompts = PromptStyle.Brief,
    MinSectionWords = 150,
    MaxSectionWords = 400,
    SingleSectionWords = 400,
    MaxContinuations = 20,
    MaxRewrites = 10,
});
WrittenDocument document = await writer.WriteAsync(new WritingRequest { Instruction = "Write a 200-word story about a lighthouse." });
Console.WriteLine(document.Text);
Console.Error.WriteLine($"{document.Words} words, target {document.Planning?.Target}, ended with {document.End}.");
return document.End == EndCause.Stop ? 0 : 1;
