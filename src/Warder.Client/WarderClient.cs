using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Client.Access;
using Warder.Client.Directory;
using Warder.Client.Events;
using Warder.Client.Keys;
using Warder.Client.Management;
using Warder.Client.Nodes;
using Warder.Client.Receipts;
using Warder.Client.Transport;
using Warder.Core.Secrets;

namespace Warder.Client;

/// <summary>
/// Typed calls of Warder's HTTP API, grouped by noun. All throw <see cref="WarderException"/> when they are refused or get no answer.
/// Repeatable calls are retried: reads, validations, and creations, which carry an idempotency key.
/// </summary>
/// <remarks>Thread-safe. The client does not dispose the <see cref="HttpClient"/>: create that by a factory, or keep one.</remarks>
public sealed class WarderClient
{
    private readonly Connection connection;

    /// <summary>Creates a client over this HTTP client. The HTTP client's own base address and default headers are not used.</summary>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    public WarderClient(HttpClient http, WarderClientOptions options, ILogger<WarderClient>? logger = null)
        : this(new Connection(http, options, Entropy.System, logger ?? (ILogger)NullLogger.Instance))
    {
    }

    private WarderClient(Connection connection)
    {
        this.connection = connection;
        Keys = new KeysClient(connection);
        Organizations = new OrganizationsClient(connection);
        Users = new UsersClient(connection);
        Memberships = new MembershipsClient(connection);
        Permissions = new PermissionsClient(connection);
        Roles = new RolesClient(connection);
        Events = new EventsClient(connection);
        ManagementKeys = new ManagementKeysClient(connection);
        Environments = new EnvironmentsClient(connection);
        Nodes = new NodesClient(connection);
        Receipts = new ReceiptsClient(connection);
    }

    /// <summary>API keys: issue, find, change, end, validate.</summary>
    public KeysClient Keys { get; }

    /// <summary>Customers.</summary>
    public OrganizationsClient Organizations { get; }

    /// <summary>People.</summary>
    public UsersClient Users { get; }

    /// <summary>People's places in customers.</summary>
    public MembershipsClient Memberships { get; }

    /// <summary>Registered permissions.</summary>
    public PermissionsClient Permissions { get; }

    /// <summary>Named sets of permissions.</summary>
    public RolesClient Roles { get; }

    /// <summary>The log.</summary>
    public EventsClient Events { get; }

    /// <summary>Keys with rights over Warder itself.</summary>
    public ManagementKeysClient ManagementKeys { get; }

    /// <summary>Isolated worlds of data.</summary>
    public EnvironmentsClient Environments { get; }

    /// <summary>The servers themselves.</summary>
    public NodesClient Nodes { get; }

    /// <summary>Signed statements that changes are in force.</summary>
    public ReceiptsClient Receipts { get; }

    /// <summary>Creates a client that acts on behalf of a user. Each request names the user; events record the user as asserted.</summary>
    /// <param name="userId"><c>user_…</c></param>
    public WarderClient OnBehalfOf(string userId) => new(connection.For(Target.Segment(userId)));

    /// <summary>Checks once whether the server is ready. Needs no key.</summary>
    /// <exception cref="WarderException">The server is not ready, or cannot be reached.</exception>
    public Task CheckReadyAsync(CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Probe("health/ready"), cancellationToken);
}
