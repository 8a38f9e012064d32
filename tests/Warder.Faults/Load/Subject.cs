using System.Diagnostics;

namespace Warder.Faults.Load;

/// <summary>One call that changes a subject.</summary>
internal sealed class Call(Operation operation, string node)
{
    public Operation Operation { get; set; } = operation;

    public string Node { get; } = node;

    public long Called { get; } = Stopwatch.GetTimestamp();

    public long Returned { get; set; } = Change<Operation>.Never;

    /// <summary>The end of the call, with any outcome.</summary>
    public long Over { get; private set; } = long.MaxValue;

    /// <summary>Whether it changed nothing, and promises nothing.</summary>
    public bool IsVoid { get; set; }

    /// <summary>The answer; null while the call is in flight.</summary>
    public string? Outcome { get; private set; }

    public void End(string outcome, long at) => (Outcome, Over) = (outcome, at);

    public Change<Operation> Change => new(Operation, Called, Returned);
}

/// <summary>
/// A unit of changes and validations: it has a history of its own, which is judged when it has ended and no call of it is in flight. Its
/// epoch advances when a call begins and when one returns. Two equal answers to the same question, requested in one epoch and arrived in
/// one, prove the same: see <see cref="Streak"/>. So the changes bound the length of a history, for any number of validations.
/// </summary>
internal abstract class Subject(string name, Epochs epochs)
{
    private readonly Lock gate = new();
    private readonly List<Call> calls = [];
    private readonly List<Target> targets = [];
    private int outstanding;

    public string Name { get; } = name;

    /// <summary>The slot of its epoch.</summary>
    public int Slot { get; } = epochs.Take();

    public int Epoch => epochs[Slot];

    /// <summary>Whether a change or a validation is in flight.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (gate)
                return Volatile.Read(ref outstanding) == 0 && calls.TrueForAll(call => call.Outcome is not null);
        }
    }

    public Target[] Targets
    {
        get
        {
            lock (gate)
                return [.. targets];
        }
    }

    public void Add(Target target)
    {
        lock (gate)
            targets.Add(target);
    }

    /// <summary>Registers a validation before it is sent; returns the current epoch.</summary>
    public int BeginValidation()
    {
        Interlocked.Increment(ref outstanding);
        return Epoch;
    }

    /// <summary>Ends a validation, after its answer has been entered or is lost.</summary>
    public void Heard() => Interlocked.Decrement(ref outstanding);

    /// <summary>Registers a call before it is sent.</summary>
    public Call Begin(Operation operation, string node)
    {
        lock (gate)
        {
            epochs.Advance(Slot);
            calls.Add(new Call(operation, node));
            return calls[^1];
        }
    }

    /// <summary>Records that the call returned: its change is in force.</summary>
    public void Return(Call call, Operation operation, long at, string outcome)
    {
        lock (gate)
        {
            (call.Operation, call.Returned) = (operation, at);
            call.End(outcome, at);
            epochs.Advance(Slot);
        }
    }

    /// <summary>Records that the outcome of the call is unknown.</summary>
    public void Lose(Call call, string outcome)
    {
        lock (gate)
            call.End(outcome, Stopwatch.GetTimestamp());
    }

    /// <summary>Records that the call changed nothing, and will not.</summary>
    public void Drop(Call call, string outcome)
    {
        lock (gate)
        {
            call.IsVoid = true;
            call.End(outcome, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Closes the subject.</summary>
    public void Forget() => epochs.Release(Slot);

    /// <summary>Returns the request of an operation.</summary>
    public abstract (string Method, string Path, object? Body) CallOf(Operation operation);

    /// <summary>Judges the history; null when it keeps the promise.</summary>
    public Violation? Judge()
    {
        lock (gate)
        {
            List<Sighting> sightings = [.. targets.SelectMany(target => target.Sightings).OrderBy(sighting => sighting.Answer.Requested)];
            return Find(
                [.. calls.Where(call => !call.IsVoid).Select(call => call.Change)],
                [.. sightings.Select(sighting => sighting.Answer)]) is { } found
                ? new Violation(this, found.Answer, found.Why, [.. calls], sightings)
                : null;
        }
    }

    protected abstract (Answer<Question>? Answer, string Why)? Find(
        IReadOnlyList<Change<Operation>> changes, IReadOnlyList<Answer<Question>> answers);
}

/// <summary>A history that breaks the promise, with all its details.</summary>
internal sealed record Violation(
    Subject Subject, Answer<Question>? Answer, string Why, IReadOnlyList<Call> Calls, IReadOnlyList<Sighting> Sightings);
