using Warder.Core.Faults;

namespace Warder.Storage.Journal;

/// <summary>A command that waits for its batch, and then for its batch's commit.</summary>
internal abstract class PendingCommand
{
    /// <summary>
    /// What its answer depends on beside the events that it appends; null: on nothing, or, when it appends none, on every environment.
    /// </summary>
    public EnvironmentScope? Scope { get; init; }

    /// <summary>How often it was put off, because another node was in its way.</summary>
    public int Deferrals { get; set; }

    /// <summary>Runs the command. True when what it wrote shall stay.</summary>
    public abstract bool Run(CommandContext context);

    /// <summary>Notifies the caller that its events are durable, and not yet in force.</summary>
    public abstract void Commit(Commitment commitment);

    /// <summary>Answers the caller: its batch is durable and in force.</summary>
    public abstract void Complete();

    /// <summary>Whether the caller has received a failure.</summary>
    public abstract bool IsFailed { get; }

    /// <summary>Answers the caller: its batch, or the command itself, failed.</summary>
    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class PendingCommand<T>(Func<CommandContext, Result<T>> command, Action<Commitment>? committed) : PendingCommand
{
    // The writer must never run its callers' code.
    private readonly TaskCompletionSource<Result<T>> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Result<T> result;

    public Task<Result<T>> Task => completion.Task;

    public override bool Run(CommandContext context)
    {
        result = command(context);
        return result.Fault is null && !context.RollBack;
    }

    public override bool IsFailed => completion.Task.IsFaulted;

    public override void Commit(Commitment commitment) => committed?.Invoke(commitment);

    public override void Complete() => completion.TrySetResult(result);

    public override void Fail(Exception exception) => completion.TrySetException(exception);
}
