namespace Warder.Server.Health;

/// <summary>The outcome of a check of an installation.</summary>
public enum CheckStatus
{
    /// <summary>Nothing is to be done.</summary>
    Ok,

    /// <summary>The server starts, and something should be done.</summary>
    Warn,

    /// <summary>The server does not start, or would lose data.</summary>
    Fail,
}

/// <summary>One check of an installation.</summary>
/// <param name="Name">The name: lower-case letters and underscores.</param>
/// <param name="Status">The outcome.</param>
/// <param name="Message">What was found, and what to do about it.</param>
public sealed record InstallationCheck(string Name, CheckStatus Status, string Message);
