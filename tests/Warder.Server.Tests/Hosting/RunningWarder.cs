using System.Text;
using System.Text.Json;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Engine.Hosting;
using Warder.Server.Connections;
using Warder.Server.Hosting;
using Warder.Engine.LogReaders;
using Warder.Storage;
using Warder.Storage.Events;

namespace Warder.Server.Tests.Hosting;

/// <summary>A server in this process, on a socket and a directory of its own, and the calls that tests make of it.</summary>
internal sealed class RunningWarder : IAsyncDisposable
{
    private readonly bool ownsFolder;
    private WarderHost host;
    private HttpClient client;

    private RunningWarder(DataFolder folder, bool ownsFolder, WarderHost host, string key)
    {
        (Folder, this.ownsFolder, this.host, Key) = (folder, ownsFolder, host, key);
        client = Connect();
    }

    public DataFolder Folder { get; }

    /// <summary>The first management key: every right, in the first environment.</summary>
    public string Key { get; }

    public string Address => host.Address;

    public Node Node => host.Node;

    public ConnectionTable Connections => host.Connections;

    public LogReaderHost LogReaders => host.LogReaders;

    public IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> Endpoints => host.Endpoints;

    /// <summary>The log's last sequence number, once it holds the receipts of what was changed by now.</summary>
    public long Head
    {
        get
        {
            Node.ReceiptWriter.WriteAsync().GetAwaiter().GetResult();
            return Node.Store.Read(Log.Head).Sequence;
        }
    }

    /// <summary>How many events there are, but for those of receipts, which come when they come.</summary>
    public long Changes => Node.Store.Read(session => session.Number("SELECT COUNT(*) FROM events WHERE type <> 'receipts.recorded'"));

    public static async Task<RunningWarder> StartAsync(
        DataFolder? folder = null, SecretString? database = null, FaultHooks? interference = null, Func<ServeOptions, ServeOptions>? options = null,
        HostParts? parts = null)
    {
        var own = folder is null;
        folder ??= new DataFolder();
        var asked = database is null ? Options(folder) : Options(folder) with { Database = database };
        var host = await WarderHost.StartAsync(options is null ? asked : options(asked), interference, parts);
        return new RunningWarder(folder, own, host, (await File.ReadAllTextAsync(folder.ManagementKey)).Trim());
    }

    /// <summary>Stops in order, and starts again on the same data.</summary>
    public async Task RestartAsync(int leaseMilliseconds = LeaseTerms.DefaultMilliseconds)
    {
        client.Dispose();
        await host.DisposeAsync();
        host = await WarderHost.StartAsync(Options(Folder) with { LeaseMilliseconds = leaseMilliseconds });
        client = Connect();
    }

    public Task<Reply> Get(string path, string? key = null) => Send("GET", path, null, key);

    public Task<Reply> Post(string path, object? body = null, string? key = null) => Send("POST", path, body ?? new { }, key);

    public Task<Reply> Put(string path, object? body = null, string? key = null) => Send("PUT", path, body, key);

    public Task<Reply> Patch(string path, object body, string? key = null) => Send("PATCH", path, body, key);

    public Task<Reply> Delete(string path, string? key = null) => Send("DELETE", path, null, key);

    /// <summary>One call. A body that is a string is sent as it is; an empty key sends none.</summary>
    public async Task<Reply> Send(string method, string path, object? body, string? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if ((key ?? Key).Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + (key ?? Key));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    /// <summary>Asks whether a key is good; the decision's code.</summary>
    public async Task<string> Decide(string value, params string[] permissions)
        => (await Validate(value, permissions)).Json.GetProperty("decision").GetProperty("code").GetString()!;

    /// <summary>Asks whether a key is good.</summary>
    public async Task<Reply> Validate(string value, params string[] permissions)
        => (await Post("/api_keys/validations", permissions.Length == 0 ? new { value } : new { value, permissions })).Is(200);

    /// <summary>A management key with these rights, in the environment of the key that makes it.</summary>
    public async Task<string> Grant(string? grantor, params IEnumerable<string> rights)
        => (await Post("/management_keys", new { name = "granted", rights }, grantor)).Is(201).Value;

    /// <summary>Another environment; its first management key.</summary>
    public async Task<string> AddEnvironment(string prefix)
        => (await Post("/environments", new { name = prefix, key_prefix = prefix })).Is(201).Json.GetProperty("management_key").GetProperty("value").GetString()!;

    /// <summary>Verifies the whole log.</summary>
    public LogReport VerifyLog() => Node.Store.ReadSnapshot(LogVerification.Run);

    /// <summary>The last event of the first environment, but for those of receipts, which come when they come.</summary>
    public async Task<JsonElement> LastChange()
        => (await Get("/events?order=desc&limit=100")).Is(200).Data.First(static e => e.GetProperty("event").GetString() != "receipts.recorded");

    /// <summary>All events of an environment, oldest first.</summary>
    public async Task<List<JsonElement>> Events(string? key = null)
    {
        var events = new List<JsonElement>();
        for (string? after = null; ;)
        {
            var page = (await Get("/events?limit=100" + (after is null ? "" : "&after=" + after), key)).Is(200);
            events.AddRange(page.Data);
            after = page.Json.GetProperty("list_metadata").GetProperty("after").GetString();
            if (after is null)
                return events;
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await host.DisposeAsync();
        if (ownsFolder)
            Folder.Dispose();
    }

    private HttpClient Connect() => new() { BaseAddress = new Uri(host.Address), Timeout = TimeSpan.FromSeconds(60) };

    // Tests send more than any rate allows, and fail to authenticate more often: a test of the rates sets its own.
    private static ServeOptions Options(DataFolder folder) => new()
    {
        DataDirectory = folder.Path,
        Database = folder.Shared,
        Listen = "http://127.0.0.1:0",
        ManagementRequestsPerSecond = 0,
        FailedAuthenticationsPerSecond = 0,
    };
}
