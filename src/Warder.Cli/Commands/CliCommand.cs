using System.CommandLine;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client;
using Warder.Storage;

namespace Warder.Cli.Commands;

/// <summary>A command with examples, which reports failures as every command does. A noun is a command without an action.</summary>
internal sealed class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines to copy, for the help.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Adds another name.</summary>
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

    /// <summary>Sets the action, which returns the exit code.</summary>
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
            // The client and the server throw ArgumentException for arguments that are never valid. They throw it before any change.
            var parameter = exception is ArgumentException { ParamName: { } name } ? $" (Parameter '{name}')" : "";
            return Failures.ReportUsage(shell, parsed, exception.Message[..^parameter.Length]);
        }
        catch (WarderException exception)
        {
            return Failures.Report(shell, parsed, exception, invocation.HasKey);
        }
        catch (StorageException exception)
        {
            return Failures.Report(shell, parsed, exception);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
