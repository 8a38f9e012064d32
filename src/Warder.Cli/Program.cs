using Warder.Cli;
using Warder.Cli.Shells;

return await CommandLine.RunAsync(args, Shell.OfProcess());
