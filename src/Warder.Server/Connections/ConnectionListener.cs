using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Warder.Core.Time;

namespace Warder.Server.Connections;

/// <summary>
/// Accepts connections within the bounds of a <see cref="ConnectionTable"/>. A refused connection is closed in the accept loop, before
/// anything is allocated or queued for it: behind a queue, accepted sockets could pile up past the descriptor limit.
/// </summary>
internal sealed class ConnectionListenerFactory(
    ConnectionTable table, ClientAddress addresses, ILoggerFactory loggers) : IConnectionListenerFactory
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan QueuePatience = TimeSpan.FromSeconds(1);

    private readonly List<Socket> sockets = [];

    /// <summary>Accepts the connections that wait, then no more. Requests of open connections are answered as before.</summary>
    public async Task CloseAsync()
    {
        foreach (var socket in sockets)
        {
            // A closed socket resets the connections in its queue: their clients may have sent requests.
            for (var waited = TimeSpan.Zero; waited < QueuePatience && socket.Poll(0, SelectMode.SelectRead); waited += BetweenLooks)
                await Task.Delay(BetweenLooks);
            socket.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(new SocketTransportOptions().Backlog);
            sockets.Add(socket);
            return ValueTask.FromResult<IConnectionListener>(new Listener(socket, table, addresses, loggers));
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            if (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
                throw new AddressInUseException(e.Message, e);
            throw;
        }
    }

    private sealed class Listener(
        Socket listening, ConnectionTable table, ClientAddress addresses, ILoggerFactory loggers) : IConnectionListener
    {
        private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(50);
        private static readonly LingerOption Reset = new(enable: true, seconds: 0);

        private readonly SocketConnectionContextFactory contexts = new(
            new SocketConnectionFactoryOptions(), loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets"));

        /// <inheritdoc/>
        public EndPoint EndPoint { get; } = listening.LocalEndPoint!;

        /// <inheritdoc/>
        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                Socket socket;
                try
                {
                    socket = await listening.AcceptAsync(cancellationToken);
                }
                catch (Exception e) when (e is ObjectDisposedException
                    || e is SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset
                    || e.SocketErrorCode == SocketError.ConnectionAborted)
                {
                    continue;
                }
                catch (SocketException e)
                {
                    // There is no descriptor, or no memory. Without a pause this loop would occupy a processor.
                    table.AcceptFailed(e.Message);
                    await Task.Delay(AfterFailure, cancellationToken);
                    continue;
                }

                if (Admit(socket) is { } connection)
                    return connection;
            }
        }

        /// <inheritdoc/>
        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            listening.Dispose();
            return ValueTask.CompletedTask;
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync()
        {
            listening.Dispose();
            contexts.Dispose();
            return ValueTask.CompletedTask;
        }

        private TrackedConnection? Admit(Socket socket)
        {
            UInt128? reserved = null;
            try
            {
                var peer = ((IPEndPoint)socket.RemoteEndPoint!).Address;
                var address = ClientAddress.Number(peer);
                if (!table.TryReserve(address, addresses.IsTrustedProxy(peer)))
                {
                    // A reset leaves no state behind, neither here nor in the kernel.
                    socket.LingerState = Reset;
                    socket.Dispose();
                    return null;
                }

                reserved = address;
                socket.NoDelay = true;
                var connection = new TrackedConnection(contexts.Create(socket), table, address, Clock.MonotonicMicroseconds());
                table.Add(connection);
                return connection;
            }
            catch (SocketException)
            {
                // The peer has already disconnected.
                socket.Dispose();
                if (reserved is { } address)
                    table.Release(address);
                return null;
            }
        }
    }
}
