using System.CommandLine;
using LongWriter.ExportQuality;

const int DefaultWindow = 512;
const int DefaultTokens = 16_384;

var model = new Option<DirectoryInfo>("--model") { Description = "Hugging Face folder of the model.", Required = true };
var text = new Option<FileInfo?>("--text") { Description = "UTF-8 text to measure on." };
var books = new Option<FileInfo?>("--books") { Description = "Books instead: JSON lines with title and chapters (title, text); .xz is unpacked by the program xz." };
var tokens = new Option<int?>("--tokens") { Description = "Tokens to measure on, at most. The default is 16384." };
var window = new Option<int?>("--window") { Description = "Tokens that are seen together. The default is 512." };
var command = new RootCommand("What each form of export costs in quality, against float32, on text that is given.") { model, text, books, tokens, window };
command.Validators.Add(result =>
{
    if (result.GetValue(text) is null == result.GetValue(books) is null)
    {
        result.AddError("Give --text or --books, one of them.");
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
    IReadOnlyList<TextWindow> windows = arguments.GetValue(text) is { } file ? source.FromText(file.FullName) : source.FromBooks(arguments.GetValue(books)!.FullName);
    new QualityRun(arguments.GetValue(model)!.FullName, windows).Write(Console.Out);
});
return command.Parse(args).Invoke();
