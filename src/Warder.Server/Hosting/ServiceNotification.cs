using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace Warder.Server.Hosting;

/// <summary>
/// Notifies systemd of the state of a service of <c>Type=notify</c>, by the socket that <c>NOTIFY_SOCKET</c> names. Without the variable,
/// nothing is sent.
/// </summary>
internal static class ServiceNotification
{
    private static readonly Lazy<SystemdNotifier> Notifier = new(static () => new SystemdNotifier());

    /// <summary>The server answers requests: units that start after this one may start.</summary>
    public static void Ready() => Send(ServiceState.Ready);

    /// <summary>The server ends: requests under way are answered.</summary>
    public static void Stopping() => Send(ServiceState.Stopping);

    private static void Send(ServiceState state)
    {
        try
        {
            Notifier.Value.Notify(state);
        }
        catch (SocketException)
        {
            // There is no manager behind the variable. A server that was inherited by another process must serve all the same.
        }
    }
}
