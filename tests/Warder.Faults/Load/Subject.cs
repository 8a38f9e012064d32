using System.Diagnostics;

namespace Warder.Faults.Load;

/// <summary>One call that was made to change a subject.</summary>
internal sealed class Call(Operation deed, string node)
{
    public Operation Operation { get; set; } = deed;

    public string Node { get; } = node;

    public long Called { get; } = Stopwatch.GetTimestamp();

    public long Returned { get; set; } = Change<Operation>.Never;

    /// <summary>When it was over, with whatever outcome.</summary>
    public long Over { get; private set; } = long.MaxValue;

    /// <summary>Whether it changed nothing, and promises nothing.</summary>
    public bool IsVoid { get; set; }

    /// <summary>What it was answered; null while it is under way.</summary>
    public string? Outcome { get; private set; }

    public void End(string outcome, long at) => (Outcome, Over) = (outcome, at);

    public Change<Operation> Change => new(Operation, Called, Returned);
}

/// <summary>
/// What is changed and validated as one: it has a history of its own, which is judged when it is over and nothing of it is under way any
/// more. Its epoch moves when a call begins and when one returns. Two answers about the same thing that say the same, and that were asked
/// for in one epoch and arrived in one, prove the same: see <see cref="Streak"/>. So the history of a subject is as long as its changes
/// make it, whatever the number of validations.
/// </summary>
internal abstract class Subject(string name, Epochs epochs)
{
    private readonly Lock gate = new();
    private readonly List<Call> calls = [];
    private readonly List<Target> targets = [];
    private int outstanding;

    public string Name { get; } = name;

    /// <summary>Where its epoch is to be read.</summary>
    public int Slot { get; } = epochs.Take();

    public int Epoch => epochs[Slot];

    /// <summary>Whether anything is under way: a change, or a validation.</summary>
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

    /// <summary>Before a validation is sent: the epoch in which it is.</summary>
    public int Asking()
    {
        Interlocked.Increment(ref outstanding);
        return Epoch;
    }

    /// <summary>After a validation's answer has been entered, or will never be.</summary>
    public void Heard() => Interlocked.Decrement(ref outstanding);

    /// <summary>Before the call is sent.</summary>
    public Call Begin(Operation deed, string node)
    {
        lock (gate)
        {
            epochs.Advance(Slot);
            calls.Add(new Call(deed, node));
            return calls[^1];
        }
    }

    /// <summary>The call returned: what it did is in force.</summary>
    public void Return(Call call, Operation deed, long at, string outcome)
    {
        lock (gate)
        {
            (call.Operation, call.Returned) = (deed, at);
            call.End(outcome, at);
            epochs.Advance(Slot);
        }
    }

    /// <summary>Nobody knows what became of the call.</summary>
    public void Lose(Call call, string outcome)
    {
        lock (gate)
            call.End(outcome, Stopwatch.GetTimestamp());
    }

    /// <summary>The call changed nothing, and will not.</summary>
    public void Drop(Call call, string outcome)
    {
        lock (gate)
        {
            call.IsVoid = true;
            call.End(outcome, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Nothing more will be heard of it.</summary>
    public void Forget() => epochs.Release(Slot);

    /// <summary>The call that does a deed.</summary>
    public abstract (string Method, string Path, object? Body) CallOf(Operation deed);

    /// <summary>What is wrong with its history; null when nothing is.</summary>
    public Violation? Judge()
    {
        lock (gate)
        {
            List<Sighting> sightings = [.. targets.SelectMany(target => target.Sightings).OrderBy(sighting => sighting.Answer.Asked)];
            return Find([.. calls.Where(call => !call.IsVoid).Select(call => call.Change)], [.. sightings.Select(sighting => sighting.Answer)]) is { } found
                ? new Violation(this, found.Answer, found.Why, [.. calls], sightings)
                : null;
        }
    }

    protected abstract (Answer<Question>? Answer, string Why)? Find(IReadOnlyList<Change<Operation>> changes, IReadOnlyList<Answer<Question>> answers);
}

/// <summary>A history that breaks the promise, and all that is known of it.</summary>
internal sealed record Violation(Subject Subject, Answer<Question>? Answer, string Why, IReadOnlyList<Call> Calls, IReadOnlyList<Sighting> Sightings);
