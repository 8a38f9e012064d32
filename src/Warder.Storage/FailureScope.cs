namespace Warder.Storage;

/// <summary>Classifies a database error: fail the batch, fail the command, or retry.</summary>
internal enum FailureScope
{
    /// <summary>The database failed: the whole batch fails.</summary>
    Database,

    /// <summary>The command broke a constraint: it fails alone.</summary>
    Command,

    /// <summary>Another node inserted the same row: the command runs again, and finds it.</summary>
    Twin,

    /// <summary>Another node holds a lock that the command needs: it runs again later.</summary>
    Contention,
}
