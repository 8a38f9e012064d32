namespace Warder.Cli.Shells;

/// <summary>The command line asks for something that cannot be: exit code 2, and nothing was sent.</summary>
internal sealed class UsageException(string message) : Exception(message);
