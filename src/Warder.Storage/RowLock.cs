namespace Warder.Storage;

/// <summary>The lock that a command takes on a row until its transaction ends.</summary>
public enum RowLock
{
    /// <summary>The command relies on the row: other commands may lock it in the same way, and change it only afterwards.</summary>
    Share,

    /// <summary>The command changes the row: other commands wait.</summary>
    Update,
}
