namespace Warder.Storage.Postgres;

/// <summary>What nodes were notified of.</summary>
[Flags]
public enum Notifications
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Another node has appended to the log.</summary>
    Log = 1,

    /// <summary>A node has acknowledged.</summary>
    Acks = 2,
}
