namespace Warder.Storage;

/// <summary>Whose an error of the database is, and so what becomes of the command whose statement met it.</summary>
internal enum Blame
{
    /// <summary>The database's: the whole batch fails.</summary>
    Database,

    /// <summary>The command's own: it broke a constraint, and fails alone.</summary>
    Command,

    /// <summary>Another node made what the command was about to make: run again, it sees that.</summary>
    Twin,

    /// <summary>Another node holds what the command needs: it runs again, later.</summary>
    Contention,
}
