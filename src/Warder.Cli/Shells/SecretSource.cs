using System.Text;
using Warder.Core.Secrets;

namespace Warder.Cli.Shells;

/// <summary>
/// Reads secrets from a file or from standard input (<c>-</c>). No command takes a secret as an argument: every process of the machine can
/// read the arguments.
/// </summary>
internal static class SecretSource
{
    /// <summary>The longest secret. The API accepts 512 characters, so a longer line comes from a wrong file.</summary>
    private const int MaxBytes = 4096;

    /// <summary>Reads a secret from the first line of a file, or of standard input.</summary>
    /// <exception cref="UsageException">The input cannot be read, or its first line is empty or too long.</exception>
    public static SecretString Read(Shell shell, string path)
    {
        if (path == InputFile.StandardInput && shell.IsInTerminal)
        {
            shell.Error.WriteLine("Paste the secret, which is not shown, and press Enter.");
            if (shell.ReadHidden is { } hidden)
                return Secret(hidden(MaxBytes), "standard input");
        }

        return InputFile.Read(shell, path, FirstLine);
    }

    /// <summary>Refuses a file that every user of the machine can read or write. Accepts a missing file: its reader refuses it.</summary>
    /// <exception cref="UsageException">Every user can read or write the file.</exception>
    public static void RequireOwnersAlone(Shell shell, string option, string file)
    {
        var path = Path.Combine(shell.Directory, file);
        if (file == InputFile.StandardInput || OperatingSystem.IsWindows() || !File.Exists(path))
            return;
        if ((File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            throw new UsageException($"{option}: every user of this machine can read or write {file}. It holds a secret: chmod 600 {file}");
    }

    private static SecretString FirstLine(Stream stream, string name)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = 0;
        // Read until the end of the line: a terminal does not end the input.
        for (var read = 1; read > 0 && length < buffer.Length && !buffer.AsSpan(0, length).Contains((byte)'\n'); length += read)
            read = stream.Read(buffer, length, buffer.Length - length);
        if (length > MaxBytes)
            throw new UsageException($"{name} is longer than any secret: the first line must contain the secret and nothing else.");
        return Secret(Encoding.UTF8.GetString(buffer, 0, length).Split('\n', 2)[0], name);
    }

    private static SecretString Secret(string text, string name)
    {
        var line = text.TrimStart('\uFEFF').Trim();
        return line.Length > 0 ? new SecretString(line) : throw new UsageException($"{name} has no secret in its first line.");
    }
}
