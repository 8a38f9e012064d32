using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Warder.Server.Connections;

/// <summary>
/// A connection that a <see cref="ConnectionTable"/> counts until its descriptor is closed. Requests find it among their features.
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

    /// <summary>The peer's address, as limits number it.</summary>
    public UInt128 Address { get; }

    /// <summary>The time of the accept, on the monotonic clock.</summary>
    public long AcceptedMicroseconds { get; }

    /// <summary>The node in the table's list of connections that have not authenticated. Used by the table only.</summary>
    public LinkedListNode<TrackedConnection> Place { get; }

    /// <summary>Whether the table is closing the connection. Used by the table only.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Whether a request has arrived over the connection.</summary>
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

    /// <summary>Records that a request has arrived, and whether it had a good management key.</summary>
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
