namespace Warder.Cli.Shells;

/// <summary>Opens the input of a command: a file, or standard input.</summary>
internal static class InputFile
{
    /// <summary>The path that means standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Opens an input and reads it.</summary>
    /// <param name="shell">The shell that has standard input and the working directory.</param>
    /// <param name="path">A file, relative to the shell's directory, or <c>-</c>.</param>
    /// <param name="read">Reads a stream; the text is its name for messages.</param>
    /// <exception cref="UsageException">The input cannot be read.</exception>
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
            throw new UsageException($"{name} cannot be read: {Cause(exception)}");
        }
    }

    private static string Cause(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file.",
        UnauthorizedAccessException => "it is a directory, or this user may not read it.",
        _ => exception.Message,
    };
}
