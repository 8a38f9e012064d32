using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Warder.Server.Connections;

/// <summary>
/// A connection that is counted in a <see cref="ConnectionTable"/> until its descriptor is closed. Requests find it among their features.
/// </summary>
internal sealed class TrackedConnection : ConnectionContext
{
    private readonly ConnectionContext inner;
    private readonly ConnectionTable table;
    private volatile bool isAuthenticated;
    private volatile bool hasRequested;
    private int removed;

    public TrackedConnection(ConnectionContext inner, ConnectionTable table, UInt128 address, long acceptedMicroseconds)
    {
        (this.inner, this.table, Address, AcceptedMicroseconds) = (inner, table, address, acceptedMicroseconds);
        Place = new LinkedListNode<TrackedConnection>(this);
        inner.Features.Set(this);
    }

    /// <summary>The peer's address, as limits know it.</summary>
    public UInt128 Address { get; }

    /// <summary>When it was accepted, on the monotonic clock.</summary>
    public long AcceptedMicroseconds { get; }

    /// <summary>Its place among those that have not authenticated. The table's.</summary>
    public LinkedListNode<TrackedConnection> Place { get; }

    /// <summary>Whether the table is closing it. The table's.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Whether a request has come over it.</summary>
    public bool HasRequested => hasRequested;

    /// <inheritdoc/>
    public override string ConnectionId { get => inner.ConnectionId; set => inner.ConnectionId = value; }

    /// <inheritdoc/>
    public override IFeatureCollection Features => inner.Features;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get => inner.Items; set => inner.Items = value; }

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get => inner.Transport; set => inner.Transport = value; }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint { get => inner.LocalEndPoint; set => inner.LocalEndPoint = value; }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint { get => inner.RemoteEndPoint; set => inner.RemoteEndPoint = value; }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed { get => inner.ConnectionClosed; set => inner.ConnectionClosed = value; }

    /// <summary>Notes that a request has come, and whether a management key came with it that is good.</summary>
    public static void Note(HttpContext http, bool authenticated)
    {
        if (http.Features.Get<TrackedConnection>() is not { } connection)
            return;
        if (!connection.hasRequested)
            connection.hasRequested = true;
        if (authenticated && !connection.isAuthenticated)
        {
            connection.isAuthenticated = true;
            connection.table.Authenticated(connection);
        }
    }

    /// <inheritdoc/>
    public override void Abort() => inner.Abort();

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => inner.Abort(abortReason);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }
        finally
        {
            if (Interlocked.Exchange(ref removed, 1) == 0)
                table.Remove(this);
        }
    }
}
