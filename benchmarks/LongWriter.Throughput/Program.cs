using System.Text.Json;
using LongWriter;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Throughput;

// Time to first token, time between tokens and memory of a model on this machine, over lengths of the context:
//   dotnet run -c Release --project benchmarks/LongWriter.Throughput -- --model models/longwriter-tiny --precision int8,int4
// Tokens per second of many sequences decoded together, against one:
//   … -- --model models/longwriter-tiny --batch 1,2,4,8 --contexts 128,2048
// Decoding with and without looking drafts up in the text, on a text that repeats itself and on a plain one:
//   … -- --model models/longwriter-tiny --lookup 1 --contexts 128,2048 --tokens 512
// Decoding with drafts of a smaller model and without, by how often drafts are right:
//   python3 benchmarks/LongWriter.Throughput/random_llama.py runs/draft --hidden 256 --layers 4 --kv-heads 1 --ffn 1024 --vocab 32000 --positions 8192
//   … -- --model runs/half-billion --profile fast --precision int4 --draft runs/draft --contexts 128,2048 --tokens 256
// Where the time of a step goes, by the number of its rows (a token and what is drafted behind it):
//   … -- --model models/longwriter-tiny --profile fast --precision int4 --phases 1 --contexts 128,2048
// Against llama.cpp, after `npm ci` (or `npm install`) in tests/golden/llama-cpp, and transformers.js, after `npm ci` in its folder; --batch and --sections take --llama, too:
//   … -- --model models/longwriter-tiny --precision int4,int8 --contexts 128,2048 --llama tests/golden/llama-cpp/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64 --transformers benchmarks/LongWriter.Throughput/transformers-js
// A document of sections: the writer's conversation, the paper's single prompt without and with reuse of what was computed:
//   … -- --model models/longwriter-tiny --sections 5 --rounds 3
// One sequence that grows to 32,768 tokens: time and memory on the way; beyond the model's context its window slides:
//   python3 benchmarks/LongWriter.Throughput/random_llama.py runs/long --hidden 384 --layers 4 --kv-heads 2 --ffn 1024 --vocab 4096 --positions 32768
//   … -- --model runs/long --long 32768
// How fast the machine reads memory:
//   … -- --bandwidth 1024
// All of it for one model: eng/performance.sh
// Ten minutes of 200 callers, some of whom cancel, leave or ask for what cannot be:
//   … -- --model models/longwriter-tiny --soak 10
try
{
    ThroughputOptions options = ThroughputOptions.Parse(args);
    if (options.SoakMinutes is { } minutes)
    {
        return await SoakRun.RunAsync(options, TimeSpan.FromMinutes(minutes), Console.Out) ? 0 : 1;
    }

    if (options.LongTokens is { } tokens)
    {
        double? load = Machine.LoadAverage();
        IReadOnlyList<LongMark> marks = await LongRun.RunAsync(options, tokens, Console.Error);
        Console.Write(LongReport.Format(options, marks, Machine.Describe(load)));
        return 0;
    }

    if (await ModeRun.TryAsync(options, Console.Out, Console.Error))
    {
        return 0;
    }

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
