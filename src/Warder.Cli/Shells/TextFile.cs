using System.Text;

namespace Warder.Cli.Shells;

/// <summary>Reads text whole, up to a bound: whoever wrote it may not be who runs the command.</summary>
internal static class TextFile
{
    /// <summary>The most that is read of one file: as much as Cedar takes.</summary>
    public const int MaxBytes = 64 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A file's text, or that of standard input (<c>-</c>).</summary>
    /// <exception cref="UsageException">It cannot be read, is too long, or is no UTF-8.</exception>
    public static string Read(Shell shell, string path, int maxBytes = MaxBytes) => InputFile.Read(shell, path, (stream, name) => Text(stream, name, maxBytes));

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
            throw new UsageException($"{name} is no text in UTF-8.");
        }
    }
}
