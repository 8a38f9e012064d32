using System.Text;
using Warder.Cli.Shells;
using Warder.Client.Tests;
using Warder.Core.Time;

namespace Warder.Cli.Tests;

/// <summary>Runs the command line once; holds its output and its exit code.</summary>
internal sealed record Run(int Code, string Out, string Error)
{
    public static readonly Instant Now = new(1_768_478_400_000);

    /// <summary>Runs against a server, with a management key in the environment.</summary>
    public static Task<Run> AgainstAsync(Wire wire, params string[] args) => AgainstAsync(wire, "", isTerminal: false, args);

    public static Task<Run> AgainstAsync(Wire wire, string input, bool isTerminal, params string[] args)
        => OfAsync(new() { ["WARDER_URL"] = wire.Address.AbsoluteUri, ["WARDER_MANAGEMENT_KEY"] = "wdrm_test" }, input, isTerminal, args);

    public static async Task<Run> OfAsync(Dictionary<string, string> variables, string input, bool isTerminal, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var shell = new Shell
        {
            Out = output,
            Error = error,
            In = new MemoryStream(Encoding.UTF8.GetBytes(input)),
            IsOutTerminal = isTerminal,
            IsErrorTerminal = isTerminal,
            Directory = Path.GetTempPath(),
            Variable = variables.GetValueOrDefault,
            Now = () => Now,
        };
        return new Run(await CommandLine.RunAsync(args, shell), output.ToString(), error.ToString());
    }
}
