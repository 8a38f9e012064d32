namespace Warder.Cli;

/// <summary>The exit codes of the process, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>The command succeeded. A validation: allowed.</summary>
    public const int Ok = 0;

    /// <summary>The server refused the command. A validation: denied.</summary>
    public const int Refused = 1;

    /// <summary>The command line, or an input of it, is not valid.</summary>
    public const int Usage = 2;

    /// <summary>The object does not exist.</summary>
    public const int NotFound = 3;

    /// <summary>The management key is missing, is not accepted, or lacks the right.</summary>
    public const int NotAuthorized = 4;

    /// <summary>The server cannot be reached or cannot answer.</summary>
    public const int Unavailable = 5;

    /// <summary>A signal stopped the command: 128 and the number of SIGINT, as in shells.</summary>
    public const int Interrupted = 130;
}
