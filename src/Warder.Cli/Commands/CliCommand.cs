using System.CommandLine;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client;
using Warder.Storage;

namespace Warder.Cli.Commands;

/// <summary>A command with examples, and with failures reported the same way everywhere. Nouns are verbs without an action.</summary>
internal sealed class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Commands that can be copied, for the help.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Another name for it.</summary>
    public CliCommand Alias(string alias)
    {
        Aliases.Add(alias);
        return this;
    }

    /// <summary>Adds arguments and options, in the order in which the help lists them.</summary>
    public CliCommand With(params Symbol[] symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                Add(argument);
            else
                Add((Option)symbol);
        }

        return this;
    }

    /// <summary>What it does; the result is the exit code.</summary>
    public CliCommand Does(Shell shell, Func<Invocation, Task<int>> action)
    {
        SetAction((parsed, cancellationToken) => RunAsync(shell, parsed, action, cancellationToken));
        return this;
    }

    private static async Task<int> RunAsync(
        Shell shell, ParseResult parsed, Func<Invocation, Task<int>> action, CancellationToken cancellationToken)
    {
        using var invocation = new Invocation(shell, parsed, cancellationToken);
        try
        {
            return await action(invocation);
        }
        catch (Exception exception) when (exception is UsageException or ArgumentException)
        {
            // An ArgumentException is the client's or the server's: what it was given cannot be right, and it did nothing.
            var parameter = exception is ArgumentException { ParamName: { } name } ? $" (Parameter '{name}')" : "";
            return Failures.ReportUsage(shell, parsed, exception.Message[..^parameter.Length]);
        }
        catch (WarderException exception)
        {
            return Failures.Report(shell, exception);
        }
        catch (StorageException exception)
        {
            return Failures.Report(shell, exception);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
