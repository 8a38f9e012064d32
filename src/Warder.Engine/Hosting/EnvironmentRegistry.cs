using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Storage;
using Warder.Storage.Directory;

namespace Warder.Engine.Hosting;

/// <summary>An environment with what validations need of it.</summary>
/// <param name="Info">The environment.</param>
/// <param name="Forms">What its tokens look like.</param>
internal sealed record EnvironmentState(EnvironmentInfo Info, AcceptedTokenFormats Forms)
{
    /// <summary>The number that rows carry.</summary>
    public int Number => Info.Number;

    /// <summary>Every environment, and where the log ends: of one snapshot, if the session reads one.</summary>
    public static (List<EnvironmentState> All, long AsOf) ReadAll(Session session)
        => (EnvironmentTable.All(session).ConvertAll(info => new EnvironmentState(info, ReadForms(session, info))), Log.Head(session).Sequence);

    /// <summary>What the tokens of an environment look like.</summary>
    public static AcceptedTokenFormats ReadForms(Session session, int number) => ReadForms(session, EnvironmentTable.Get(session, number));

    private static AcceptedTokenFormats ReadForms(Session session, EnvironmentInfo info) => new(info.KeyPrefix, EnvironmentTable.Schemes(session, info.Number));
}

/// <summary>All environments, by number. Replaced whole when one changes.</summary>
internal sealed class EnvironmentRegistry
{
    private volatile Known known = new([], 0);
    private long begunSequence;

    /// <summary>The environment of a number that a row or a caller carries.</summary>
    public EnvironmentState this[int number] => known.Environments[number];

    /// <summary>The environment of a number; null when there is none that is known here.</summary>
    public EnvironmentState? Find(int number) => known.Environments.GetValueOrDefault(number);

    /// <summary>Every environment.</summary>
    public IReadOnlyCollection<EnvironmentState> All => known.Environments.Values;

    /// <summary>
    /// What the tokens of an environment look like, as of an event of the log or later; null when what is known was read before it.
    /// </summary>
    public AcceptedTokenFormats? FormsSince(long sequence, int number) => known is { } now && now.AsOf >= sequence ? now.Environments[number].Forms : null;

    /// <summary>
    /// What the tokens of an environment look like where memory is now, or further; null while that is not known. Every change of it since
    /// memory began was read before it counted as applied.
    /// </summary>
    public AcceptedTokenFormats? Forms(int environment) => FormsSince(Volatile.Read(ref begunSequence), environment);

    /// <summary>Memory begins anew at a place in the log.</summary>
    public void BeginAt(long sequence) => Volatile.Write(ref begunSequence, sequence);

    /// <summary>Takes what the store says now.</summary>
    /// <param name="states">Every environment.</param>
    /// <param name="asOf">Where the log ended when they were read.</param>
    public void Replace(IEnumerable<EnvironmentState> states, long asOf) => known = new Known(states.ToDictionary(state => state.Number), asOf);

    private sealed record Known(Dictionary<int, EnvironmentState> Environments, long AsOf);
}
