using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Warder.Faults.Load;

/// <summary>The answer of a call, and its times; <see cref="NotSent"/> and <see cref="NoAnswer"/> are not HTTP statuses.</summary>
internal readonly record struct Reply(int Status, JsonElement Body, long Returned)
{
    public const int NotSent = -1, NoAnswer = 0;

    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>The code of a refusal.</summary>
    public string ErrorCode => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString()! : "";

    /// <summary>Whether the call was refused because its target no longer exists.</summary>
    public bool IsGone => Status == 404 || (Status == 409 && ErrorCode is "api_key_ended" or "api_key_already_expired");

    /// <summary>
    /// Whether the call may take effect, now or later. An "unavailable" promises that it does not, and the check holds Warder to that.
    /// </summary>
    public bool IsUnknown => Status is NoAnswer or >= 500 && ErrorCode != "unavailable";

    public string Text(string member) => Body.GetProperty(member).GetString()!;

    public override string ToString() => Status switch
    {
        NotSent => "not sent",
        NoAnswer => "no answer",
        _ => ErrorCode.Length == 0 ? $"{Status}" : $"{Status} {ErrorCode}",
    };
}

/// <summary>Makes calls one after the other, over a connection of its own to each node.</summary>
internal sealed class Caller(Requests requests, Meter meter) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Dictionary<Node, Wire> wires = [];

    /// <summary>Makes one call, without retries.</summary>
    public Reply Call(Node node, string method, string path, object? body)
    {
        var request = requests.Of(method, path, body is null ? null : JsonSerializer.Serialize(body));
        if (Open(node) is not { } wire)
            return new Reply(Reply.NotSent, default, 0);
        try
        {
            wire.Send(request);
            var (status, answer) = wire.Receive();
            var returned = Stopwatch.GetTimestamp();
            if (status >= 500 && status != 503)
                meter.Odd($"{method} {path} at {node.Name}", status, answer.Span);
            return new Reply(status, answer.IsEmpty ? default : JsonDocument.Parse(answer.ToArray()).RootElement, returned);
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            Close(node);
            return new Reply(Reply.NoAnswer, default, 0);
        }
    }

    public void Dispose()
    {
        foreach (var wire in wires.Values)
            wire.Dispose();
    }

    // A connection that the node has closed meanwhile is replaced first, so that no call is lost with it.
    private Wire? Open(Node node)
    {
        if (wires.TryGetValue(node, out var wire) && !wire.IsStale)
            return wire;
        Close(node);
        try
        {
            return wires[node] = Wire.Connect(node.Address, Patience);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private void Close(Node node)
    {
        if (wires.Remove(node, out var wire))
            wire.Dispose();
    }
}
