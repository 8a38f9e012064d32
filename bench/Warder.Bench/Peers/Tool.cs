using System.Diagnostics;

namespace Warder.Bench.Peers;

/// <summary>A program that a comparison needs is not on this machine.</summary>
internal sealed class MissingToolException(string message) : Exception(message);

/// <summary>Runs third-party programs.</summary>
internal static class Tool
{
    /// <summary>Finds the first of these programs on the PATH, or in the given folders.</summary>
    public static string Find(string package, IReadOnlyList<string> names, params IEnumerable<string> folders)
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(folders).ToList();
        return names.SelectMany(name => places.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new MissingToolException($"There is no {string.Join(" or ", names)} here. On Debian: apt-get install {package}");
    }

    /// <summary>Runs a program to its end; returns its standard output.</summary>
    public static string Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {errors.Result}");
    }
}
