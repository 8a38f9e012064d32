using Warder.Cli.Shells;

namespace Warder.Cli.Tests.Policies;

/// <summary>Creates a folder with files, and runs commands in it.</summary>
internal sealed class Workspace : IDisposable
{
    public Workspace(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
            Write(name, text);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("warder-policies-").FullName;

    public void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public async Task<Run> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var shell =
            new Shell { Out = output, Error = error, In = Stream.Null, Directory = Folder, Variable = _ => null, Now = () => Run.Now };
        return new Run(await CommandLine.RunAsync(args, shell), output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
