using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Warder.Cedar.Tests.Corpus;

/// <summary>
/// Reads the official corpus from its archives in the directory that CEDAR_CORPUS names. Without the variable the tests are skipped; in
/// continuous integration they fail.
/// </summary>
internal static class CorpusFiles
{
    private static readonly string? Directory = Environment.GetEnvironmentVariable("CEDAR_CORPUS");

    /// <summary>Whether to skip the tests that need the corpus.</summary>
    public static bool IsMissing => string.IsNullOrEmpty(Directory) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));

    /// <summary>Returns the text files of an archive, by their paths in it.</summary>
    public static Dictionary<string, string> Read(string archive)
    {
        Assert.False(string.IsNullOrEmpty(Directory), "CEDAR_CORPUS must name the directory of the corpus's archives.");
        var files = new Dictionary<string, string>();
        using var reader = new TarReader(new GZipStream(File.OpenRead(Path.Combine(Directory, archive)), CompressionMode.Decompress));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data)
                files.Add(
                    entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name,
                    new StreamReader(data, Encoding.UTF8).ReadToEnd());
        }

        return files;
    }
}
