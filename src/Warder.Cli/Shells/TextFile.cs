using System.Text;

namespace Warder.Cli.Shells;

/// <summary>Reads the whole text of an input, up to a limit: its author may not be the user of the command.</summary>
internal static class TextFile
{
    /// <summary>The longest file, which is the longest input of Cedar.</summary>
    public const int MaxBytes = 64 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the text of a file, or of standard input (<c>-</c>).</summary>
    /// <exception cref="UsageException">The input cannot be read, is too long, or is not UTF-8.</exception>
    public static string Read(Shell shell, string path, int maxBytes = MaxBytes)
        => InputFile.Read(shell, path, (stream, name) => Text(stream, name, maxBytes));

    private static string Text(Stream stream, string name, int maxBytes)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (var read = 1; read > 0;)
        {
            bytes.Write(buffer, 0, read = stream.Read(buffer));
            if (bytes.Length > maxBytes)
                throw new UsageException($"{name} is longer than {maxBytes >> 20} MB.");
        }

        try
        {
            return Strict.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException($"{name} is not text in UTF-8.");
        }
    }
}
