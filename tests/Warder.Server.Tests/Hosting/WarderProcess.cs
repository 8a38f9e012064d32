using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Warder.Server.Tests.Hosting;

/// <summary><c>warder serve</c> as a process of its own, which can be killed, starved and shut in.</summary>
internal sealed class WarderProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder errors = new();
    private readonly StringBuilder log = new();
    private HttpClient? client;

    private WarderProcess(Process process) => this.process = process;

    /// <summary>What it said on standard error.</summary>
    public string Errors
    {
        get
        {
            lock (errors)
                return errors.ToString();
        }
    }

    /// <summary>What it logged.</summary>
    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    public bool HasExited => process.HasExited;

    /// <summary>The memory that it has in use.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts it, behind a shell that may first take something away from it, and waits until it listens or has ended.</summary>
    /// <param name="folder">Where its data is, and perhaps its database.</param>
    /// <param name="before">What the shell does first, ended by a semicolon; or the program that runs it.</param>
    /// <param name="data">Another data directory.</param>
    /// <param name="options">Further options, as the shell reads them.</param>
    /// <param name="database">How to connect to another database.</param>
    public static async Task<WarderProcess> StartAsync(DataFolder folder, string before = "", string data = "", string options = "", string? database = null)
    {
        var info = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true, RedirectStandardOutput = true };
        info.ArgumentList.Add("-c");
        // In the shell's place, so that a signal to the process is one to the server.
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

    /// <summary>Where it listens.</summary>
    public string Address => client!.BaseAddress!.AbsoluteUri;

    /// <summary>Whether it serves.</summary>
    public bool Listens => client is not null;

    /// <summary>One call.</summary>
    public async Task<Reply> Send(string method, string path, object? body, string key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await client!.SendAsync(request);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    /// <summary>Stops it where it is, every thread of it, until it is told to go on.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>Tells it to stop in order, and waits until it has.</summary>
    public async Task StopAsync()
    {
        Signal("TERM");
        await ExitAsync();
    }

    /// <summary>Ends it without any chance to do anything.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended by itself; its exit code.</summary>
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

    private void Signal(string name)
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
