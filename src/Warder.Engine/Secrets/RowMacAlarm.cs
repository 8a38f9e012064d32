using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Core.Time;
using Warder.Storage.Secrets;

namespace Warder.Engine.Secrets;

/// <summary>Logs rows that do not verify, each at most once a minute, so that a forged row cannot fill a log.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class RowMacAlarm
{
    private const long QuietMicroseconds = 60_000_000;
    private const int MaxRows = 256;
    private const int MaxIdCharacters = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Table, string Id), long> logged = [];

    public RowMacAlarm(RowMacs macs) => macs.Refusing = Refused;

    /// <summary>The log. Setting it logs the rows that were refused before.</summary>
    public ILogger Logger
    {
        get;
        set
        {
            lock (gate)
            {
                field = value;
                foreach (var (table, id) in logged.Keys)
                    LogRefused(value, table, id);
            }
        }
    }
    = NullLogger.Instance;

    private void Refused(string table, string idAsStored)
    {
        // The writer of the database chooses this text, so it is sanitized.
        var id = string.Concat(
            idAsStored.Take(MaxIdCharacters).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '?'));
        var now = Clock.MonotonicMicroseconds();
        lock (gate)
        {
            if (logged.TryGetValue((table, id), out var last) && now - last < QuietMicroseconds)
                return;
            if (logged.Count >= MaxRows)
            {
                foreach (var old in logged.Where(each => now - each.Value >= QuietMicroseconds).Select(static each => each.Key).ToList())
                    logged.Remove(old);
                if (logged.Count >= MaxRows)
                    return;
            }

            logged[(table, id)] = now;
            LogRefused(Logger, table, id);
        }
    }

    [LoggerMessage(
        LogLevel.Critical,
        "A row does not verify under the root key and is not used: {Table} {Id}. Something other than Warder writes the database."
        + " Find out what, then restore the row from a backup or delete it")]
    private static partial void LogRefused(ILogger logger, string table, string id);
}
