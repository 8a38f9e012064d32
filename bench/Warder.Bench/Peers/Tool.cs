using System.Diagnostics;

namespace Warder.Bench.Peers;

/// <summary>A program that a comparison needs, and that is not on this machine.</summary>
internal sealed class MissingToolException(string message) : Exception(message);

/// <summary>Programs of others.</summary>
internal static class Tool
{
    /// <summary>Where the first of these programs is that is on the PATH, or in the folders named.</summary>
    public static string Find(string package, IReadOnlyList<string> names, params IEnumerable<string> folders)
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(folders).ToList();
        return names.SelectMany(name => places.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new MissingToolException($"There is no {string.Join(" or ", names)} here. On Debian: apt-get install {package}");
    }

    /// <summary>Runs a program to its end; what it wrote to its standard output.</summary>
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
            : throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {errors.Result}");
    }
}
