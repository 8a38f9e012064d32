using Warder.Storage.Journal;

namespace Warder.Storage;

/// <summary>The log's head, for those who read.</summary>
public static class Log
{
    /// <summary>The last sequence number, and the hash of the chain after it.</summary>
    public static (long Sequence, byte[] Hash) Head(Session session) => EventLog.Head(session);
}
