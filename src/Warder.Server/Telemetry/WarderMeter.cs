using System.Diagnostics.Metrics;
using Warder.Core.Verification;
using Warder.Engine.Background;
using Warder.Engine.Lists;
using Warder.Engine.LogReaders;
using Warder.Engine.Replicas.Leases;
using Warder.Engine.Streams;
using Warder.Engine.Telemetry;
using Warder.Engine.Verification;
using Warder.Server.Connections;
using Warder.Server.Hosting;
using Warder.Storage.Journal;
using Warder.Storage.Secrets;

namespace Warder.Server.Telemetry;

/// <summary>
/// Warder's own instruments. A collector observes them; a validation pays only for its own count.
/// </summary>
internal sealed class WarderMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Warder";

    private readonly Meter meter = new(Name);

    public WarderMeter(KeyCache cache, ValidationCounts counts, RowMacs macs, StreamQuota streams)
    {
        meter.CreateObservableGauge("warder.cache.entries", () => cache.Count, "{entry}", "Secrets that are held in memory.");
        meter.CreateObservableGauge("warder.log.applied", () => cache.Applied, "{event}", "The last event that memory has applied.");
        meter.CreateObservableCounter(
            "warder.validations", () => Measure(counts.Own, "node").Concat(Measure(counts.OfReplicas, "replica")), "{validation}",
            "Validations that were answered, by code, here and by the replicas that follow this node.");
        meter.CreateObservableCounter(
            "warder.replica.questions", () => counts.Questions, "{token}", "Tokens that replicas have looked up at this node.");
        meter.CreateObservableCounter(
            "warder.rows.refused", () => macs.Refused, "{read}",
            "Reads that met a row whose MAC does not verify: something other than Warder writes the database.");
        meter.CreateObservableGauge("warder.replica.streams", () => streams.Places.Used, "{connection}", "Connections of replicas.");
        meter.CreateObservableGauge(
            "warder.replica.bytes", () => streams.Bytes.Used, "By",
            "Bytes held for replicas: composed and unsent, or received and unprocessed.");
        meter.CreateObservableCounter(
            "warder.replica.refused", () => MeasureRefused(streams), "{connection}",
            "Connections of replicas that were refused, by the bound.");
        meter.CreateObservableCounter(
            "warder.replica.closed", () => MeasureClosed(streams), "{connection}",
            "Connections of replicas that were closed, by the reason.");
        meter.CreateObservableCounter(
            "warder.replica.uses_refused", () => streams.RefusedUses, "{use}",
            "Uses that replicas reported of keys that were not sent to them.");
    }

    /// <summary>Adds the instruments of connections and of refused requests.</summary>
    public void Observe(ConnectionTable connections, RequestRates rates)
    {
        meter.CreateObservableGauge("warder.connections", () => connections.Count, "{connection}", "Open connections of clients.");
        meter.CreateObservableCounter(
            "warder.connections.refused",
            () => (IEnumerable<Measurement<long>>)[
                Refused(connections.RefusedInAll, "total"), Refused(connections.RefusedByAddress, "address"),
                Refused(connections.ClosedEarly, "unauthenticated"), Refused(connections.AcceptFailures, "accept_failed")],
            "{connection}", "Connections that were refused, or closed before they authenticated.");
        meter.CreateObservableCounter(
            "warder.requests.refused",
            () => (IEnumerable<Measurement<long>>)
            [
                Refused(rates.RefusedManagement, "management_rate"), Refused(rates.RefusedFailures, "authentication_rate"),
            ],
            "{request}", "Requests that were refused because of a rate.");
    }

    /// <summary>Adds the instruments of stalls.</summary>
    public void Observe(StallTracker stalls)
    {
        meter.CreateObservableGauge(
            "warder.replica.stall", () => stalls.StallMilliseconds, "ms",
            "How long changes waited in the last minute for replicas, over all management keys.");
        meter.CreateObservableCounter(
            "warder.replica.bars", () => stalls.Bars, "{bar}", "Management keys whose replicas this node has refused leases for a while.");
    }

    /// <summary>Adds the instruments of the readers of the log.</summary>
    public void Observe(LogReaderHost host)
    {
        meter.CreateObservableGauge(
            "warder.log_reader.lag",
            () => host.Readers.Where(static reader => reader.IsOwner).Select(
                static reader => new Measurement<long>(reader.Lag, new KeyValuePair<string, object?>("reader", reader.Name))),
            "{event}", "Events that a reader of the log has not handled yet, at the node that runs it.");
        meter.CreateObservableCounter(
            "warder.log_reader.failures",
            () => host.Readers.Select(
                static reader => new Measurement<long>(reader.Failures, new KeyValuePair<string, object?>("reader", reader.Name))),
            "{failure}", "How often a reader of the log could not handle events, and tried again.");
    }

    /// <summary>Adds the instruments of background work.</summary>
    public void Observe(BackgroundHost host)
    {
        meter.CreateObservableGauge(
            "warder.background.backlog",
            () => host.Works.Where(static work => work.Backlog is not null).Select(static work => Of(work, work.Backlog!.Value)),
            "{item}", "Items that wait for a round of background work.");
        meter.CreateObservableGauge(
            "warder.background.failing",
            () => host.Works.Select(static work => Of(work, work.Status.Problem is null ? 0 : 1)),
            "1", "Whether the last round of background work failed: 1, or 0.");
        meter.CreateObservableCounter(
            "warder.background.failures",
            () => host.Works.Select(static work => Of(work, work.Status.Failures)),
            "{failure}", "How often a round of background work failed, and was tried again.");
    }

    private static Measurement<long> Of(BackgroundWork work, long value)
        => new(value, new KeyValuePair<string, object?>("work", work.Name));

    private static Measurement<long> Refused(long count, string reason) => new(count, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Adds the instruments of waiting and refused work.</summary>
    public void Observe(ReadLane reads, MissGate misses, Journal journal)
    {
        meter.CreateObservableGauge("warder.reads.waiting", () => reads.Count, "{read}", "Lists and dry runs that wait for their turn.");
        meter.CreateObservableCounter(
            "warder.reads.refused", () => reads.Refused, "{read}", "Lists and dry runs that were refused because too many waited.");
        meter.CreateObservableCounter(
            "warder.reads.timed_out", () => reads.TimedOut, "{read}", "Lists and dry runs that were ended at their deadline.");
        meter.CreateObservableCounter(
            "warder.misses.refused", () => misses.Refused, "{validation}",
            "Look-ups of keys not in memory that were refused because too many waited.");
        meter.CreateObservableCounter(
            "warder.changes.refused", () => journal.Refused, "{change}", "Changes that were refused because too many waited.");
    }

    /// <summary>Determines whether an instrument belongs to this meter, and not to another server in the process.</summary>
    internal bool Owns(Instrument instrument) => instrument.Meter == meter;

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<long>> MeasureRefused(StreamQuota streams)
        => new[] { (ShareBound.ManagementKey, "management_key"), (ShareBound.Environment, "environment"), (ShareBound.Node, "node") }
            .Select(
                bound => new Measurement<long>(
                    streams.RefusedPlaces(bound.Item1), new KeyValuePair<string, object?>("bound", bound.Item2)));

    private static IEnumerable<Measurement<long>> MeasureClosed(StreamQuota streams) =>
    [
        new Measurement<long>(streams.ClosedOverBytes, new KeyValuePair<string, object?>("reason", "bytes")),
        new Measurement<long>(streams.ClosedByPolicy, new KeyValuePair<string, object?>("reason", "policy")),
    ];

    private static IEnumerable<Measurement<long>> Measure(DecisionCounts counts, string verifier)
        => counts.Read().Select((count, code) => new Measurement<long>(
            count, new KeyValuePair<string, object?>("code", Decision.NameOf((DecisionCode)code)),
            new KeyValuePair<string, object?>("verifier", verifier)));
}
