using System.Net.WebSockets;
using System.Text;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Replicas;

/// <summary>
/// Sends random messages to a server in a process of its own. <c>tests/fuzz/stream --messages 10000000 --seed 7</c> is the long run; a
/// failure prints its seed.
/// </summary>
public sealed class StreamFuzzTests
{
    private const int ShortRun = 10_000;
    private const int Connections = 8;
    private const int MostGrowthMegabytes = 200;

    private static readonly string[] Templates =
    [
        "{\"type\":\"lease_request\",\"identity\":\"0123456789abcdef0123456789abcdef\",\"name\":\"fuzz\",\"has\":null}",
        "{\"type\":\"lease_request\",\"identity\":\"0123456789abcdef0123456789abcdef\",\"name\":\"fuzz\",\"has\":{\"sequence\":3,"
            + "\"hash\":\"AAAA\"}}",
        "{\"type\":\"ack\",\"sequence\":5}",
        "{\"type\":\"questions\",\"questions\":[{\"number\":1,\"value\":\"wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17\",\"at_least\":0},"
            + "{\"number\":2,\"value\":\"x\"}]}",
        "{\"type\":\"uses\",\"uses\":[{\"id\":\"api_key_01K00000000000000000000000\",\"secret_number\":1,\"at\":1,\"proof\":77}]}",
        "{\"type\":\"decision_counts\",\"counts\":{\"allowed\":3,\"revoked\":1}}",
    ];

    private static readonly string[] Pieces =
    [
        "null", "{}", "[]", "[null]", "true", "-1", "1e400", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0.5",
        "\"\"", "\"\\ud800\"", "\"\\u0000\"",
        "{\"type\":\"lease_request\"}", "[[[[[[[[", "\"type\"", ":", ",", "}", "]", "\\", "\u00e9", "\u202e", "//", "1e-400", "{\"\":{}}",
        "\"$type\":\"ask\"",
    ];

    [Fact]
    public async Task Whatever_arrives_on_a_stream_nothing_is_logged_nothing_fails_and_memory_stays_flat()
    {
        var (messages, seed) = (Setting("WARDER_STREAM_FUZZ_MESSAGES", ShortRun), Setting("WARDER_STREAM_FUZZ_SEED", 1));
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder, options: "--management-requests-per-second 0");
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        // Code and buffers are warm after both runs; then memory is measured.
        await Run(warder, key, seed, Math.Min(messages / 2, 4_000));
        var before = (int)(warder.ResidentBytes >> 20);
        var sent = await Run(warder, key, seed + 1, messages);
        Assert.True(sent >= messages, $"Sent {sent}.");
        var grown = (int)(warder.ResidentBytes >> 20) - before;
        Assert.True(grown < MostGrowthMegabytes, $"Seed {seed}: {grown} MB more after {sent} messages.");
        Assert.Equal(401, (await warder.Send("GET", "/api_keys", null, "wdrm_x")).Status);
        Assert.Equal(200, (await warder.Send("POST", "/api_keys/validations", new { value = "x" }, key)).Status);
        Assert.False(warder.HasExited);
        // The start, and the one request without a key.
        Assert.DoesNotContain(
            warder.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            static line => !line.Contains(" info     Warder.Server.Hosting.WarderHost: ", StringComparison.Ordinal)
                && !line.Contains(" warn     Warder.Server.Http.FailedAuthentications: ", StringComparison.Ordinal));
        TestContext.Current.SendDiagnosticMessage($"{sent} messages, {before} MB before, {before + grown} MB after.");
    }

    private static async Task<int> Run(WarderProcess warder, string key, int seed, int messages)
    {
        var all = await Task.WhenAll(
            Enumerable.Range(0, Connections).Select(
                lane => Task.Run(() => Send(warder.Address, key, new Random((seed * Connections) + lane), messages / Connections))));
        return all.Sum();
    }

    private static async Task<int> Send(string address, string key, Random random, int messages)
    {
        var sent = 0;
        while (sent < messages)
        {
            await using var replica = await RawReplica.ConnectAsync(address, key);
            var reading = Drain(replica);
            try
            {
                for (; sent <= messages && !reading.IsCompleted; sent++)
                    await SendOne(replica, random);
            }
            catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
            {
                // The server closed the connection during the send. A reset then surfaces as a cancellation.
                sent++;
            }

            await replica.DisposeAsync();
            await reading;
        }

        return sent;
    }

    private static async Task SendOne(RawReplica replica, Random random)
    {
        var message = Make(random);
        var type = random.Next(50) == 0 ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
        if (random.Next(4) > 0 || message.Length < 2)
        {
            await replica.Send(message, type);
            return;
        }

        var at = random.Next(message.Length);
        await replica.SendPart(message[..at], isLast: false, type);
        await replica.SendPart(message[at..], isLast: true, type);
    }

    private static async Task Drain(RawReplica replica)
    {
        try
        {
            while (await replica.Receive() is not null)
            {
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            // The connection is over.
        }
    }

    private static byte[] Make(Random random)
    {
        var text = new StringBuilder(Templates[random.Next(Templates.Length)]);
        for (var changes = random.Next(4); changes > 0; changes--)
            Change(text, random);
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (random.Next(10) == 0 && bytes.Length > 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static void Change(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length + 1);
        switch (random.Next(6))
        {
            case 0:
                text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                break;
            case 1:
                text.Length = at;
                break;
            case 2 when text.Length > 0:
                text.Remove(at, Math.Min(random.Next(12), text.Length - at));
                break;
            case 3:
                Replace(text, random);
                break;
            case 4:
                text.Insert(at, new string("[{\" x9"[random.Next(6)], random.Next(random.Next(20) == 0 ? 200_000 : 50)));
                break;
            default:
                text.Append(Pieces[random.Next(Pieces.Length)]);
                break;
        }
    }

    // A value in place of a member's value.
    private static void Replace(StringBuilder text, Random random)
    {
        var all = text.ToString();
        var colons = Enumerable.Range(0, all.Length).Where(place => all[place] == ':').ToList();
        if (colons.Count == 0)
            return;
        var from = colons[random.Next(colons.Count)] + 1;
        var to = all.IndexOfAny([',', '}', ']'], from);
        if (to > from)
            text.Remove(from, to - from).Insert(from, Pieces[random.Next(Pieces.Length)]);
    }

    private static int Setting(string name, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(name), System.Globalization.CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
