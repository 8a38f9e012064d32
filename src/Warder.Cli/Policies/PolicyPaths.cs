using Warder.Cli.Shells;

namespace Warder.Cli.Policies;

/// <summary>Finds the policy files of a path: one file, the files of a directory tree, or the files that match a pattern.</summary>
internal static class PolicyPaths
{
    private const string Extension = ".cedar";
    private const int MaxFiles = 10_000;

    private static readonly char[] Wildcards = ['*', '?'];

    /// <summary>Lists the files of each path, in the order of their names.</summary>
    /// <exception cref="UsageException">A path has no files, or there are too many.</exception>
    public static IReadOnlyList<string> Expand(Shell shell, IEnumerable<string> paths)
    {
        var files = paths.SelectMany(path => Expand(shell, path)).Take(MaxFiles + 1).ToList();
        return files.Count <= MaxFiles ? files : throw new UsageException($"The paths have more than {MaxFiles} files.");
    }

    private static IEnumerable<string> Expand(Shell shell, string path)
    {
        var full = Path.Combine(shell.Directory, path);
        if (Directory.Exists(full))
            return Found(shell, path, path, "*" + Extension, isDeep: true);
        if (Path.GetFileName(path).IndexOfAny(Wildcards) < 0 || File.Exists(full))
            return [path];
        var folder = Path.GetDirectoryName(path) ?? "";
        var isDeep = Path.GetFileName(folder) == "**";
        return Found(shell, path, isDeep ? Path.GetDirectoryName(folder) ?? "" : folder, Path.GetFileName(path), isDeep);
    }

    private static IEnumerable<string> Found(Shell shell, string given, string folder, string pattern, bool isDeep)
    {
        // Skip symbolic links: they may form a cycle.
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = isDeep,
            MatchCasing = MatchCasing.CaseSensitive,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
        };
        var root = Path.Combine(shell.Directory, folder);
        try
        {
            var found = Directory.EnumerateFiles(root, pattern, options).Take(MaxFiles + 1)
                .Select(file => Path.Combine(folder, Path.GetRelativePath(root, file))).Order(StringComparer.Ordinal).ToList();
            return found.Count > 0 ? found : throw new UsageException($"{given}: no file there matches {pattern}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{given} cannot be read: {exception.Message}");
        }
    }
}
