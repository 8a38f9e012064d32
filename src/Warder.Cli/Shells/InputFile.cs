namespace Warder.Cli.Shells;

/// <summary>What a command is given to read: a file, or standard input.</summary>
internal static class InputFile
{
    /// <summary>What stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Opens it and reads it.</summary>
    /// <param name="shell">Where the command runs.</param>
    /// <param name="path">The file, from the shell's directory; or <c>-</c>.</param>
    /// <param name="read">Is given what to read, and what to call it.</param>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static T Read<T>(Shell shell, string path, Func<Stream, string, T> read)
    {
        var name = path == StandardInput ? "standard input" : path;
        try
        {
            using var file = path == StandardInput ? null : File.OpenRead(Path.Combine(shell.Directory, path));
            return read(file ?? shell.In, name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{name} cannot be read: {exception.Message}");
        }
    }
}
