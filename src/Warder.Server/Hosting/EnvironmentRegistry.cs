using System.Text;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Storage;
using Warder.Storage.Directory;

namespace Warder.Server.Hosting;

/// <summary>An environment with what validations need of it.</summary>
internal sealed record EnvironmentState(EnvironmentInfo Info, IReadOnlyList<ImportScheme> Schemes)
{
    private readonly byte[] prefix = Encoding.ASCII.GetBytes(Info.KeyPrefix);

    /// <summary>Reads one.</summary>
    public static EnvironmentState Read(Session session, int number) => new(EnvironmentTable.Get(session, number), EnvironmentTable.Schemes(session, number));

    /// <summary>The number that rows carry.</summary>
    public int Number => Info.Number;

    /// <summary>What the environment's own keys begin with.</summary>
    public ReadOnlySpan<byte> Prefix => prefix;

    /// <summary>Whether a value looks like a key that was imported here.</summary>
    public bool FitsScheme(ReadOnlySpan<byte> value)
    {
        foreach (var scheme in Schemes)
        {
            if (scheme.Fits(value))
                return true;
        }

        return false;
    }
}

/// <summary>All environments, by number. Replaced whole when one changes.</summary>
internal sealed class EnvironmentRegistry
{
    private volatile Dictionary<int, EnvironmentState> environments = [];

    /// <summary>The environment of a number that a row or a caller carries.</summary>
    public EnvironmentState this[int number] => environments[number];

    /// <summary>Every environment.</summary>
    public IReadOnlyCollection<EnvironmentState> All => environments.Values;

    /// <summary>Takes what the store says now.</summary>
    public void Replace(IEnumerable<EnvironmentState> states) => environments = states.ToDictionary(state => state.Number);
}
