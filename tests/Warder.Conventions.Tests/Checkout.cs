using System.Diagnostics;
using Warder.Conventions.Tests.Rules;

namespace Warder.Conventions.Tests;

/// <summary>Reads the checkout that these tests were built from.</summary>
internal static class Checkout
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", ".git"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file that is tracked, or would be.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } =
        [.. Paths().Order(StringComparer.Ordinal).Select(Read).OfType<SourceFile>()];

    /// <summary>The source files of the product.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = [.. Under("src/")];

    /// <summary>The product, its tests, its benchmarks and its samples.</summary>
    public static IReadOnlyList<SourceFile> Code { get; } = [.. Sources, .. Under("tests/"), .. Under("bench/"), .. Under("samples/")];

    public static IEnumerable<SourceFile> Under(string folder)
        => Files.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal));

    public static IEnumerable<SourceFile> EndingWith(string ending)
        => Files.Where(file => file.Path.EndsWith(ending, StringComparison.Ordinal));

    public static SourceFile? Find(string path) => Files.FirstOrDefault(file => file.Path == path);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Warder.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("These tests read the checkout that they were built in.");
    }

    private static IEnumerable<string> Paths() => FromGit() ?? FromDisk();

    private static string[]? FromGit()
    {
        if (!Path.Exists(Path.Combine(Root, ".git")))
            return null;
        try
        {
            string[] arguments = ["-C", Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true })!;
            var paths = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 ? paths : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    // An unpacked archive has no git, and contains only tracked files.
    private static IEnumerable<string> FromDisk()
        => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(NotOurs.Contains));

    private static SourceFile? Read(string path)
    {
        var file = new FileInfo(Path.Combine(Root, path));
        if (!file.Exists || file.LinkTarget is not null)
            return null;
        var text = File.ReadAllText(file.FullName);
        return text.Contains('\0') ? null : new SourceFile(path, text);
    }
}
