using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Warder.Core.Time;

namespace Warder.Server.Hosting;

/// <summary>
/// Notifies systemd of the states of a service, by the protocol of <c>sd_notify</c>. Without <c>NOTIFY_SOCKET</c> it does nothing.
/// </summary>
public sealed class ServiceNotifier
{
    private readonly string? address;

    private ServiceNotifier(string? address) => this.address = address;

    /// <summary>Creates the notifier of this process.</summary>
    /// <param name="variable">The value of <c>NOTIFY_SOCKET</c>: a path, or an abstract name that begins with @.</param>
    public static ServiceNotifier Of(string? variable)
        => new(variable is ['/' or '@', _, ..] && OperatingSystem.IsLinux() ? variable : null);

    /// <summary>The server answers requests.</summary>
    public void Ready() => Notify("READY=1");

    /// <summary>The server reads its configuration again. <see cref="Ready"/> follows.</summary>
    public void Reloading()
        => Notify("RELOADING=1\nMONOTONIC_USEC=" + Clock.MonotonicMicroseconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>The server stops.</summary>
    public void Stopping() => Notify("STOPPING=1");

    private void Notify(string state)
    {
        if (address is null)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // A full queue of the manager must not stop the server.
            socket.SendTimeout = 1_000;
            socket.SendTo(
                Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // The manager is gone, or is none. The server does not depend on it.
        }
    }
}
