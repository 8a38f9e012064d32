namespace Warder.Cli.Shells;

/// <summary>The command line, or an input of it, is not valid: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
