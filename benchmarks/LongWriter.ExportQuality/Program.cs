using System.CommandLine;
using LongWriter.ExportQuality;

const int DefaultWindow = 512;
const int DefaultTokens = 16_384;

var model = new Option<DirectoryInfo>("--model") { Description = "Hugging Face folder of the model.", Required = true };
var text = new Option<FileInfo?>("--text") { Description = "UTF-8 text to measure on." };
var books = new Option<FileInfo?>("--books") { Description = "Books instead: JSON lines with title and chapters (title, text); .xz is unpacked by the program xz." };
var texts = new Option<FileInfo?>("--texts") { Description = "Texts instead: JSON lines with a field text, such as held_out.jsonl of training/prepare.py." };
var tokens = new Option<int?>("--tokens") { Description = "Tokens to measure on, at most. The default is 16384." };
var window = new Option<int?>("--window") { Description = "Tokens that are seen together. The default is 512." };
var speed = new Option<int>("--speed") { Description = "Rounds in which speeds are measured, too, of contexts up to 2,048 tokens. The default is 0." };
var threads = new Option<int?>("--threads") { Description = "Threads of a step while speeds are measured. The default is one for each logical core." };
var command = new RootCommand("What each form of export costs in quality, against float32, on text that is given.") { model, text, books, texts, tokens, window, speed, threads };
command.Validators.Add(result =>
{
    if (new[] { result.GetValue(text), result.GetValue(books), result.GetValue(texts) }.Count(file => file is not null) != 1)
    {
        result.AddError("Give --text, --books or --texts, one of them.");
    }

    (int windowTokens, int allTokens) = (result.GetValue(window) ?? DefaultWindow, result.GetValue(tokens) ?? DefaultTokens);
    if (windowTokens < 2 || allTokens < windowTokens)
    {
        result.AddError($"--window must be 2 or more and --tokens no less than it, but they are {windowTokens} and {allTokens}.");
    }
});
command.SetAction(arguments =>
{
    int windowTokens = arguments.GetValue(window) ?? DefaultWindow;
    var source = new HeldOutText(arguments.GetValue(model)!.FullName, windowTokens, (arguments.GetValue(tokens) ?? DefaultTokens) / windowTokens);
    IReadOnlyList<TextWindow> windows = arguments.GetValue(text) is { } file ? source.FromText(file.FullName)
        : arguments.GetValue(texts) is { } lines ? source.FromTexts(lines.FullName)
        : source.FromBooks(arguments.GetValue(books)!.FullName);
    new QualityRun(arguments.GetValue(model)!.FullName, windows, arguments.GetValue(speed), arguments.GetValue(threads) ?? Environment.ProcessorCount).Write(Console.Out);
});

var plans = new Option<int?>("--plans") { Description = "Plans asked for each of five lengths. The default is 20." };
var sections = new Option<FileInfo>("--sections") { Description = "CSV file to write every section's asked and produced words to.", Required = true };
var behaviour = new Command("behaviour", "How often plans are read and how sections keep their lengths, in three forms of export.") { model, plans, sections };
behaviour.SetAction(async (arguments, _) =>
{
    await using var csv = new StreamWriter(arguments.GetValue(sections)!.FullName);
    await new BehaviourRun(arguments.GetValue(model)!.FullName, arguments.GetValue(plans) ?? 20).WriteAsync(Console.Out, csv);
});
command.Subcommands.Add(behaviour);
return command.Parse(args).Invoke();
