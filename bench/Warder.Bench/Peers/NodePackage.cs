using System.Diagnostics;

namespace Warder.Bench.Peers;

/// <summary>A folder in <c>bench/peers</c> with scripts for Node, and a lock file of their packages.</summary>
internal sealed class NodePackage(string name)
{
    private readonly string folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../bench/peers", name));

    /// <summary>Installs the packages of the lock file, unless that was done.</summary>
    public void Install()
    {
        var installed = new FileInfo(Path.Combine(folder, "node_modules/.package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
            return;
        Console.Error.WriteLine("  npm ci …");
        Tool.Run(new ProcessStartInfo(Tool.Find("npm", ["npm"]), ["ci", "--no-audit", "--no-fund"]) { WorkingDirectory = folder });
    }

    /// <summary>Builds the command that runs a script.</summary>
    public ProcessStartInfo Script(string file, params IEnumerable<string> arguments)
        => new(Tool.Find("nodejs", ["node"]), [Path.Combine(folder, file), .. arguments]) { RedirectStandardOutput = true };
}
