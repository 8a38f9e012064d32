using System.Diagnostics;
using Warder.Core.Time;
using Warder.Server.Telemetry;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Telemetry;

public sealed class LogOutputTests
{
    [Fact]
    public void A_reader_of_the_output_that_has_stopped_makes_no_caller_wait_and_lines_are_dropped_and_counted()
    {
        var stopped = new StoppedWriter();
        var before = Console.Out;
        Console.SetOut(stopped);
        try
        {
            using var output = new LogOutput(LogFormat.Of("text", Clock.System));
            output.Write("first", isAccess: false);
            Assert.True(stopped.Reached.Wait(TimeSpan.FromSeconds(10)));
            var since = Stopwatch.StartNew();
            for (var i = 0; i < 10_000; i++)
                output.Write("access", isAccess: true);
            output.Write("the node's own", isAccess: false);
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(5));
            Assert.Equal(10_000 - 4_096, output.Dropped);
            stopped.Go.Set();
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.Contains("the node's own", stopped.ToString(), StringComparison.Ordinal);
        Assert.Contains($"{10_000 - 4_096} lines were dropped", stopped.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_output_nobody_reads_answers_and_stops()
    {
        using var folder = new DataFolder();
        // The pipe's reader sleeps: after 64 KB a write to it would never return.
        await using var warder = await WarderProcess.StartAsync(
            folder,
            "mkfifo \"$1/../pipe-$$\"; sleep 60 < \"$1/../pipe-$$\" > /dev/null 2>&1 & exec 3> \"$1/../pipe-$$\";"
            + " rm \"$1/../pipe-$$\";",
            options: "--access-log --management-requests-per-second 0 >&3");
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        for (var i = 0; i < 2_000; i++)
            Assert.Equal(200, (await warder.Send("GET", "/api_keys", null, key)).Status);
        await warder.StopAsync();
        Assert.Equal(0, await warder.ExitAsync());
    }

    private sealed class StoppedWriter : StringWriter
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Go { get; } = new();

        public override void Write(string? value)
        {
            Reached.Set();
            Go.Wait();
            base.Write(value);
        }
    }
}
