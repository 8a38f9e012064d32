using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Storage;
using Warder.Storage.Directory;

namespace Warder.Engine.Hosting;

/// <summary>An environment with the data that validations need of it.</summary>
/// <param name="Info">The environment.</param>
/// <param name="Forms">The formats of its tokens.</param>
internal sealed record EnvironmentState(EnvironmentInfo Info, AcceptedTokenFormats Forms)
{
    /// <summary>The environment's number in rows.</summary>
    public int Number => Info.Number;

    /// <summary>Reads every environment, and the log's head. Both are of one snapshot if the session reads one.</summary>
    public static (List<EnvironmentState> All, long AsOf) ReadAll(Session session)
        => (
            EnvironmentTable.All(session).ConvertAll(info => new EnvironmentState(info, ReadForms(session, info))),
            Log.Head(session).Sequence);

    /// <summary>Reads the token formats of an environment.</summary>
    public static AcceptedTokenFormats ReadForms(Session session, int number) => ReadForms(session, EnvironmentTable.Get(session, number));

    private static AcceptedTokenFormats ReadForms(Session session, EnvironmentInfo info)
        => new(info.KeyPrefix, EnvironmentTable.Schemes(session, info.Number));
}

/// <summary>All environments, by number. The set is replaced as a whole when one changes.</summary>
internal sealed class EnvironmentRegistry
{
    private volatile Known known = new([], 0);
    private long begunSequence;

    /// <summary>Returns the environment of a number from a row or a caller.</summary>
    public EnvironmentState this[int number] => known.Environments[number];

    /// <summary>Finds the environment of a number.</summary>
    /// <returns>Null: this node knows none.</returns>
    public EnvironmentState? Find(int number) => known.Environments.GetValueOrDefault(number);

    /// <summary>Every environment.</summary>
    public IReadOnlyCollection<EnvironmentState> All => known.Environments.Values;

    /// <summary>Returns the token formats of an environment, as of an event of the log or later.</summary>
    /// <returns>Null: the known formats were read before that event.</returns>
    public AcceptedTokenFormats? FormsSince(long sequence, int number)
        => known is { } now && now.AsOf >= sequence ? now.Environments[number].Forms : null;

    /// <summary>
    /// Returns the token formats of an environment, as of the position of memory or later. Every change of them since memory began was read
    /// before it counted as applied.
    /// </summary>
    /// <returns>Null: the formats are not known yet.</returns>
    public AcceptedTokenFormats? Forms(int environment) => FormsSince(Volatile.Read(ref begunSequence), environment);

    /// <summary>Records that memory starts over at a position in the log.</summary>
    public void BeginAt(long sequence) => Volatile.Write(ref begunSequence, sequence);

    /// <summary>Replaces the environments by those of the store.</summary>
    /// <param name="states">Every environment.</param>
    /// <param name="asOf">The log's head when they were read.</param>
    public void Replace(IEnumerable<EnvironmentState> states, long asOf)
        => known = new Known(states.ToDictionary(state => state.Number), asOf);

    private sealed record Known(Dictionary<int, EnvironmentState> Environments, long AsOf);
}
