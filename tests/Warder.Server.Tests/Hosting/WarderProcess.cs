using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Warder.Server.Tests.Hosting;

/// <summary>Runs <c>warder serve</c> as a process of its own, which a test can kill, starve and confine.</summary>
internal sealed class WarderProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder errors = new();
    private readonly StringBuilder log = new();
    private HttpClient? client;

    private WarderProcess(Process process) => this.process = process;

    /// <summary>The process's standard error.</summary>
    public string Errors
    {
        get
        {
            lock (errors)
                return errors.ToString();
        }
    }

    /// <summary>The process's log.</summary>
    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    public bool HasExited => process.HasExited;

    /// <summary>The resident memory of the process.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts the process behind a shell, and waits until it listens or has ended.</summary>
    /// <param name="folder">The data directory, and the database if the folder names one.</param>
    /// <param name="before">Shell commands to run first, ended by a semicolon; or a program that runs the server.</param>
    /// <param name="data">Another data directory.</param>
    /// <param name="options">Further options, in the shell's syntax.</param>
    /// <param name="database">The connection string of another database.</param>
    public static async Task<WarderProcess> StartAsync(
        DataFolder folder, string before = "", string data = "", string options = "", string? database = null)
    {
        var info = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true, RedirectStandardOutput = true };
        info.ArgumentList.Add("-c");
        // The server replaces the shell, so that a signal to the process reaches the server.
        var start = before.EndsWith(';') ? $"{before} exec" : $"exec {before}";
        info.ArgumentList.Add($"{start} \"$0\" serve --data \"$1\" --listen http://127.0.0.1:0 {options}");
        info.ArgumentList.Add(Executable);
        info.ArgumentList.Add(data.Length > 0 ? data : folder.Path);
        info.Environment["WARDER_DATABASE"] = database ?? folder.Shared?.Reveal();
        var warder = new WarderProcess(Process.Start(info)!);
        var listening = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        warder.process.ErrorDataReceived += (_, line) =>
        {
            lock (warder.errors)
                warder.errors.AppendLine(line.Data);
            if (line.Data is null)
                listening.TrySetResult(null);
            else if (line.Data.IndexOf("http://127.0.0.1:", StringComparison.Ordinal) is >= 0 and var at)
                listening.TrySetResult(line.Data[at..line.Data.IndexOf(',', at)]);
        };
        warder.process.OutputDataReceived += (_, line) =>
        {
            lock (warder.log)
                warder.log.AppendLine(line.Data);
        };
        warder.process.BeginErrorReadLine();
        warder.process.BeginOutputReadLine();
        if (await listening.Task.WaitAsync(TimeSpan.FromSeconds(30)) is { } address)
            warder.client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(30) };
        return warder;
    }

    /// <summary>The server's address.</summary>
    public string Address => client!.BaseAddress!.AbsoluteUri;

    /// <summary>Whether the server serves.</summary>
    public bool Listens => client is not null;

    /// <summary>Makes one call.</summary>
    public async Task<Reply> Send(string method, string path, object? body, string key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await client!.SendAsync(request);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    /// <summary>Stops every thread of the process, until <see cref="Thaw"/>.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Continues the process.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>Requests a clean stop, and waits for the end of the process.</summary>
    public async Task StopAsync()
    {
        Signal("TERM");
        await ExitAsync();
    }

    /// <summary>Kills the process.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    /// <summary>Waits until the process has ended by itself; returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    // artifacts/bin/Warder.Server.Tests/debug/ → artifacts/bin/Warder.Cli/debug/warder
    private static string Executable
    {
        get
        {
            var own = AppContext.BaseDirectory.TrimEnd('/');
            return Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(own))!, "Warder.Cli", Path.GetFileName(own), "warder");
        }
    }
}
