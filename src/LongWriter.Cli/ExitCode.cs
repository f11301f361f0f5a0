using LongWriter.Benchmarking;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Cli;

/// <summary>Exit codes of the tool; docs/guide-writing.md lists them for users.</summary>
internal static class ExitCode
{
    /// <summary>The document is complete; every text of a benchmark stands.</summary>
    public const int Done = 0;

    /// <summary>A bug: something nobody foresaw. The stack trace is printed.</summary>
    public const int Unexpected = 1;

    /// <summary>An argument, an input file, a plan, a suite or a length is not usable.</summary>
    public const int BadInput = 2;

    /// <summary>The run ended before its plan did, or a section stayed cut; texts of a benchmark failed. What was accepted is kept.</summary>
    public const int Unfinished = 3;

    /// <summary>The model or its server failed, or a model on this machine cannot be loaded.</summary>
    public const int ModelFailed = 4;

    /// <summary>A file is missing, exists already, or could not be read or written: output, journal, plan, notes.</summary>
    public const int FileFailed = 5;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>The code for an expected exception; null for one that is a bug.</summary>
    public static int? For(Exception exception) => exception switch
    {
        OperationCanceledException => Interrupted,
        PlanFormatException or BenchmarkSuiteException or ContextBudgetException or ArgumentException or NotSupportedException => BadInput,
        ModelCallException or OnnxRuntimeException or ModelFormatException or TokenizerFormatException or ChatTemplateException => ModelFailed,
        IOException or UnauthorizedAccessException => FileFailed,
        _ => null,
    };
}
