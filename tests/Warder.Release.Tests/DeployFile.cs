namespace Warder.Release.Tests;

/// <summary>A file of <c>deploy/</c>.</summary>
internal static class DeployFile
{
    /// <summary>The folder, beside the tests.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "deploy");

    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));
}
