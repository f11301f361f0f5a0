using LongWriter.Cli;

using var interrupt = new InterruptSignal();
return await Tool.RunAsync(args, ToolHost.OfProcess("LongWriter.Cli"), interrupt.Token).ConfigureAwait(false);
