namespace Warder.Cli;

/// <summary>What the process's exit code says to scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done; of a validation: allowed.</summary>
    public const int Ok = 0;

    /// <summary>Refused by the server; of a validation: denied.</summary>
    public const int Refused = 1;

    /// <summary>The command line itself is wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>There is nothing of that name.</summary>
    public const int NotFound = 3;

    /// <summary>The management key is missing, not good, or lacks the right.</summary>
    public const int NotAuthorized = 4;

    /// <summary>Warder cannot be reached or cannot answer.</summary>
    public const int Unavailable = 5;

    /// <summary>Stopped by the user, as shells say it.</summary>
    public const int Interrupted = 130;
}
