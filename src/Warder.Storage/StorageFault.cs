namespace Warder.Storage;

/// <summary>The kind of a failure of the store.</summary>
public enum StorageFaultKind
{
    /// <summary>Nothing was written.</summary>
    Unavailable,

    /// <summary>The connection or the disk failed during the commit: the outcome is unknown.</summary>
    OutcomeUnknown,

    /// <summary>A read was ended at its deadline.</summary>
    TimedOut,

    /// <summary>Another server uses the data directory.</summary>
    InUse,

    /// <summary>A newer version of Warder has changed the database so that this version cannot use it.</summary>
    NewerVersion,

    /// <summary>The database is damaged, or is not a database of Warder's.</summary>
    Damaged,
}

/// <summary>The store failed: an exception, since no caller can do anything but pass it on.</summary>
public sealed class StorageException(StorageFaultKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>In which way.</summary>
    public StorageFaultKind Kind { get; } = kind;
}
