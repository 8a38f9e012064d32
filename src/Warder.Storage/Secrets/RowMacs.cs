using Warder.Core.Secrets;

namespace Warder.Storage.Secrets;

/// <summary>
/// Computes and checks the MACs of rows. Without a root key, as in a test of the storage alone, rows get no MAC and every row is accepted;
/// a server always has one.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class RowMacs
{
    private volatile RowAuthenticator? authenticator;
    private long refused;

    /// <summary>Called for each row that does not verify, with its table and its id, on the thread that read it.</summary>
    public Action<string, string>? Refusing { get; set; }

    /// <summary>The number of reads of a row that does not verify.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Whether there is a root key.</summary>
    internal bool IsOn => authenticator is not null;

    /// <summary>Takes the root key.</summary>
    public void Use(RootKey root) => authenticator = new RowAuthenticator(root);

    /// <summary>The MAC of a row; null without a root key.</summary>
    internal byte[]? Compute(string table, params ReadOnlySpan<object?> values) => authenticator?.Compute(table, values);

    /// <summary>Whether a row verifies; one that does not is counted and reported.</summary>
    internal bool Accepts(byte[]? mac, string table, object? id, params ReadOnlySpan<object?> values)
    {
        if (authenticator is not { } current || current.Verify(mac, table, values))
            return true;
        Refuse(table, id);
        return false;
    }

    /// <summary>Counts and reports a row or value that does not verify.</summary>
    internal void Refuse(string table, object? id)
    {
        Interlocked.Increment(ref refused);
        Refusing?.Invoke(table, id?.ToString() ?? "");
    }
}
