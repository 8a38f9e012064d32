namespace Warder.Storage;

/// <summary>Why a command reads a row, and so what others may do with it until the command's transaction ends.</summary>
public enum RowLock
{
    /// <summary>The command relies on the row as it is: others may do so too, and change it later.</summary>
    Share,

    /// <summary>The command changes the row: others come later.</summary>
    Update,
}
