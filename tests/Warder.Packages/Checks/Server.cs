using System.Diagnostics;

namespace Checks;

/// <summary>The built server as a process of its own, on a data directory of its own.</summary>
public sealed class Server : IAsyncLifetime
{
    private readonly string data = Directory.CreateTempSubdirectory("warder-packages-").FullName;
    private Process? process;

    public Uri Address { get; private set; } = null!;

    /// <summary>The key that the first start made.</summary>
    public string ManagementKey { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var command = Environment.GetEnvironmentVariable("WARDER_COMMAND")
            ?? throw new InvalidOperationException("WARDER_COMMAND must name the built command line: ./test packages sets it.");
        process = Process.Start(new ProcessStartInfo(command, ["serve", "--data", data, "--listen", "http://127.0.0.1:0"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                listening.TrySetException(new InvalidOperationException("The server ended before it listened."));
            else if (line.Data.IndexOf("http://127.0.0.1:", StringComparison.Ordinal) is >= 0 and var at)
                listening.TrySetResult(line.Data[at..line.Data.IndexOf(',', at)]);
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        Address = new Uri(await listening.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        ManagementKey = (await File.ReadAllTextAsync(Path.Combine(data, "management-key"))).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(data, recursive: true);
    }
}
