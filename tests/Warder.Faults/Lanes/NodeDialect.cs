using System.Diagnostics;

namespace Warder.Faults.Lanes;

/// <summary>Sends requests to a node, which answers in order.</summary>
internal sealed class NodeDialect(Requests requests, Meter meter) : Dialect
{
    private const int MaxRequestBytes = 32 * 1024;

    private readonly Code[] codes = new Code[Requests.MaxBatch];
    private readonly byte[] request = new byte[MaxRequestBytes];

    public override void Say(Wire wire, Batch batch)
    {
        var length = requests.Batch(batch.Targets, request);
        batch.Requested = Stopwatch.GetTimestamp();
        wire.Send(request.AsSpan(0, length));
    }

    public override Batch Hear(Wire wire, Lane lane)
    {
        var (status, body) = wire.Receive();
        var answered = Stopwatch.GetTimestamp();
        var batch = lane.Oldest;
        Enter(lane, batch, status, body.Span, answered);
        return batch;
    }

    private void Enter(Lane lane, Batch batch, int status, ReadOnlySpan<byte> body, long answered)
    {
        var verifier = lane.Verifier;
        var targets = batch.Targets;
        if (status == 503)
        {
            meter.Unavailable(verifier, answered, targets.Length);
            return;
        }

        if (status != 200 || Requests.Codes(body, codes) != targets.Length)
        {
            meter.Odd($"A batch of {targets.Length} validations at {verifier.Name}", status, body);
            return;
        }

        for (var i = 0; i < targets.Length; i++)
        {
            if (codes[i] != Code.Unavailable)
                targets[i].Enter(lane.Number, verifier.Name, batch.Epochs[i], codes[i], batch.Requested, answered);
        }

        meter.Answered(verifier, answered, codes.AsSpan(0, targets.Length));
    }
}
