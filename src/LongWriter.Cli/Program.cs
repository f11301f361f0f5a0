using LongWriter.Cli;

using var interrupt = new InterruptSignal();
return await Tool.RunAsync(args, ToolConsole.System, interrupt.Token).ConfigureAwait(false);
