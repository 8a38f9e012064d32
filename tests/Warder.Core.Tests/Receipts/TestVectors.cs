namespace Warder.Core.Tests.Receipts;

/// <summary>
/// Finds published test vectors in the directory that WARDER_TEST_DATA names, or in shared/data beside the checkout. Without them the tests
/// are skipped; in continuous integration they fail.
/// </summary>
internal static class TestVectors
{
    private static string Directory
        => Environment.GetEnvironmentVariable("WARDER_TEST_DATA") is { Length: > 0 } named
            ? named
            : Path.Combine(Checkout(), "..", "shared", "data");

    /// <summary>Returns a file's path; null where the file is absent and optional.</summary>
    public static string? Find(params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([Directory, .. parts]);
        if (File.Exists(path))
            return path;
        Assert.True(
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")),
            $"{path} is missing: WARDER_TEST_DATA must name the directory of the test vectors.");
        return null;
    }

    private static string Checkout()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Warder.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? AppContext.BaseDirectory;
    }
}
