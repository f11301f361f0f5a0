using System.Text.Json;
using LongWriter;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Throughput;

// Time to first token, time between tokens and memory of a model on this machine, over lengths of the context:
//   dotnet run -c Release --project benchmarks/LongWriter.Throughput -- --model models/longwriter-tiny --precision int8,int4
try
{
    ThroughputOptions options = ThroughputOptions.Parse(args);
    ThroughputResult result = await ThroughputRun.RunAsync(options, Console.Error);
    Console.Write(MarkdownReport.Format(result));
    if (options.JsonPath is { } path)
    {
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(result, ThroughputJson.Default.ThroughputResult) + "\n");
    }

    return 0;
}
catch (Exception e) when (e is ArgumentException or ModelFormatException or OnnxRuntimeException or ContextBudgetException or IOException or GreedyProofException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
