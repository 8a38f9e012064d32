using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Warder.Core.Secrets;

namespace Warder.Client.Tests.Server;

/// <summary>Runs the sample application as a process of its own.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process process;
    private readonly HttpClient http;

    private SampleProcess(Process process, Uri address) => (this.process, http) = (process, new HttpClient { BaseAddress = address });

    /// <summary>Starts it, with settings besides the management key, and waits until it listens.</summary>
    public static async Task<SampleProcess> StartAsync(SecretString managementKey, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "PostsApi.dll"));
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add("http://127.0.0.1:0");
        start.Environment["WARDER_MANAGEMENT_KEY"] = managementKey.Reveal();
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var listens = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                listens.TrySetException(new InvalidOperationException("The sample ended before it listened."));
            else if (line.Data.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
                listens.TrySetResult(new Uri(line.Data[(at + Listening.Length)..].Trim()));
        };
        process.BeginOutputReadLine();
        return new SampleProcess(process, await listens.Task);
    }

    /// <summary>Sends one request with a key; returns the answer, with its challenge.</summary>
    public async Task<(HttpStatusCode Status, string Challenge)> SendAsync(HttpMethod method, SecretString? key)
    {
        using var request = new HttpRequestMessage(method, "/posts?title=Hello");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString());
    }

    /// <summary>Stops every thread of the process, until <see cref="Thaw"/>.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Continues the process.</summary>
    public void Thaw() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
