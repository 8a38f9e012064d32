using System.Net.Sockets;
using System.Text;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Http;

namespace Warder.Server.Tests.Secrets;

/// <summary>Secrets appear once, in the answer to their creator, and in no other output.</summary>
public sealed class SecrecyTests
{
    [Fact]
    public async Task No_secret_is_in_any_file_log_event_error_or_exception()
    {
        using var folder = new DataFolder();
        var shown = new StringBuilder();
        using var console = new CapturedConsole();
        var secrets = new List<string>();
        string first;
        await using (var warder = await RunningWarder.StartAsync(folder))
        {
            first = warder.Key;
            secrets.Add(first);
            await Live(warder, secrets, shown);
            foreach (var reply in await Misuse(warder, secrets))
                shown.AppendLine(reply.Text).AppendLine(reply.Headers.ToString());
            shown.Append(string.Concat((await warder.Events()).Select(e => e.GetRawText())));
            Search(folder, shown.ToString() + console.Text, secrets, first);
        }

        shown.Append(await Preset());
        Search(folder, shown.ToString() + console.Text, secrets, first);
        Assert.True(secrets.Count >= 9);
    }

    [Fact]
    public async Task The_files_of_the_data_directory_are_the_owners_alone()
    {
        await using var warder = await RunningWarder.StartAsync();
        await Fixture.MakeAsync(warder, warder.Key, "a");
        foreach (var file in System.IO.Directory.GetFiles(warder.Folder.Path))
            Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task With_no_mask_at_all_the_directory_and_its_files_are_the_owners_alone()
    {
        using var folder = new DataFolder();
        var data = Path.Combine(folder.Path, "data");
        await using var warder = await WarderProcess.StartAsync(folder, "umask 000;", data);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        var key = (await File.ReadAllTextAsync(Path.Combine(data, "management-key"))).Trim();
        Assert.Equal(201, (await warder.Send("POST", "/organizations", new { name = "a" }, key)).Status);
        var files = System.IO.Directory.GetFiles(data);
        Assert.Contains("lock", files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.Equal(
            (file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file))));
    }

    [Fact]
    public void A_secret_prints_as_redacted_wherever_it_is_put()
    {
        var token = TokenFormat.Issue("wdr_live", Entropy.System);
        var options = new ServeOptions { ManagementKey = token };
        string[] printed =
        [
            token.ToString(), $"{token}", string.Concat(token), options.ToString(),
            Assert.Throws<NotSupportedException>(() => System.Text.Json.JsonSerializer.Serialize(token)).ToString(),
            new { token }.ToString()!, new InvalidOperationException($"failed with {token}").ToString(),
        ];
        Assert.DoesNotContain(printed, text => text.Contains(token.Reveal()[9..20], StringComparison.Ordinal));
    }

    // Every route that creates a secret.
    private static async Task Live(RunningWarder warder, List<string> secrets, StringBuilder shown)
    {
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        secrets.Add(own.KeyValue);
        foreach (var path in (string[])[$"/api_keys/{own.Key}/rotate", "/management_keys", $"/organizations/{own.Organization}/api_keys",
            $"/user_management/users/{own.User}/api_keys"])
        {
            object body = path.Split('/')[^1] switch
            {
                "rotate" => new { },
                "management_keys" => new { name = "m", rights = new[] { "keys:read", "management:read" } },
                _ when path.StartsWith("/user", StringComparison.Ordinal) => new { name = "k", organization_id = own.Organization },
                _ => new { name = "k" },
            };
            var made = await warder.Send("POST", path, body, null, ("Idempotency-Key", "once"));
            secrets.Add(made.Value);
            Assert.Equal(made.Text, (await warder.Send("POST", path, body, null, ("Idempotency-Key", "once"))).Text);
        }

        secrets.Add(await warder.AddEnvironment("other"));
        var imported = "old_" + new string('7', 28) + "abcd";
        secrets.Add(imported);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(imported)));
        (await warder.Post(
            "/api_keys/imports", Bodies.Import(new { type = "organization", id = own.Organization }, digest: digest))).Is(201);
        foreach (var secret in secrets.ToList())
            shown.Append((await warder.Validate(secret)).Text);
        foreach (var path in (string[])["/api_keys", "/management_keys", "/api_keys/" + own.Key, "/environments", "/events?limit=100"])
            shown.Append((await warder.Get(path)).Is(200).Text);
    }

    // Secrets in their own fields, in requests that fail; and secrets in other fields that answers do not show.
    private static async Task<List<Reply>> Misuse(RunningWarder warder, List<string> secrets)
    {
        var replies = new List<Reply>();
        var unknown = TokenFormat.Issue("wdr_live", Entropy.System).Reveal();
        var stranger = TokenFormat.Issue("wdrm", Entropy.System).Reveal();
        secrets.AddRange([unknown, stranger]);
        foreach (var secret in secrets)
        {
            replies.Add(await warder.Get("/api_keys", secret + "x"));
            replies.Add(await warder.Get("/api_keys/" + secret));
            replies.Add(await warder.Get("/organizations/external_id/" + secret));
            replies.Add(await warder.Send("GET", "/api_keys", null, "", ("Authorization", "Basic " + secret)));
            replies.Add(await warder.Send("POST", "/organizations", new { name = "" }, null, ("Idempotency-Key", secret)));
            replies.Add(await warder.Send("POST", "/organizations", new { name = "" }, null, ("Warder-On-Behalf-Of", secret)));
            foreach (var body in (string[])["{\"value\":\"@\"", "{\"value\":\"@\",\"x\":1}", "{\"value\":\"@\",\"value\":\"@\"}",
                "{\"value\":[\"@\"]}", "@", "\"@\""])
            {
                replies.Add(await warder.Post("/api_keys/validations", body.Replace("@", secret)));
                replies.Add(await warder.Post("/api_keys/validations/batch", "{\"validations\":[" + body.Replace("@", secret) + "]}"));
                replies.Add(await warder.Post("/organizations", body.Replace("@", secret)));
            }

            replies.Add(await warder.Get("/api_keys?after=" + secret));
            replies.Add(await warder.Get("/api_keys?status=" + secret));
            replies.Add(await warder.Get("/api_keys?limit=" + secret));
            await Broken(warder, secret);
        }

        Assert.DoesNotContain(replies, reply => reply.Status >= 500);
        return replies;
    }

    // Requests that are cut off in the middle of a secret.
    private static async Task Broken(RunningWarder warder, string secret)
    {
        var address = new Uri(warder.Address);
        foreach (var request in (string[])
            [
                $"POST /api_keys/validations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {secret}\r\nContent-Length:"
                    + $" 9000\r\n\r\n{{\"value\":\"{secret}",
                $"GET /api_keys HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {secret}\u0001\r\n\r\n",
                $"GET /{secret} HTTP/9.9\r\n\r\n",
            ])
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(address.Host, address.Port);
            await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
            socket.Client.LingerState = new LingerOption(true, 0);
        }
    }

    private static async Task<string> Preset()
    {
        using var folder = new DataFolder();
        var token = TokenFormat.Issue("wdrm", Entropy.System).Reveal();
        var malformed =
            new ServeOptions { DataDirectory = folder.Path, Listen = "http://127.0.0.1:0", ManagementKey = new SecretString(token[..^1]) };
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => WarderHost.StartAsync(malformed));
        Assert.DoesNotContain(token[5..^1], refused.ToString(), StringComparison.Ordinal);
        var options = malformed with { ManagementKey = new SecretString(token) };
        await using (var host = await WarderHost.StartAsync(options))
        {
            Assert.Null(host.FirstManagementKey);
            Assert.False(File.Exists(folder.ManagementKey));
        }

        foreach (var form in Forms(token))
            Assert.Empty(folder.FilesWith(form));
        return refused.ToString();
    }

    private static void Search(DataFolder folder, string shown, List<string> secrets, string first)
    {
        var files = folder.Files().ToList();
        foreach (var form in secrets.SelectMany(Forms).Distinct())
        {
            var bytes = Encoding.UTF8.GetBytes(form);
            foreach (var (name, content) in files)
                Assert.True(
                    content.AsSpan().IndexOf(bytes) < 0 || (name == "management-key" && first.Contains(form, StringComparison.Ordinal)),
                    $"{form} is in {name}");
            Assert.DoesNotContain(form, shown, StringComparison.OrdinalIgnoreCase);
        }
    }

    // The whole secret, its random part, and their encodings, at each of the three alignments of base64.
    private static IEnumerable<string> Forms(string secret)
    {
        var random = secret[(secret.LastIndexOf('_') + 1)..];
        foreach (var text in (string[])[random, random[..20], random[10..]])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            yield return text;
            yield return Convert.ToHexStringLower(bytes);
            yield return Convert.ToHexString(bytes);
            yield return Convert.ToBase64String(bytes).TrimEnd('=')[..^1];
            yield return Convert.ToBase64String([0, .. bytes])[4..24];
            yield return Convert.ToBase64String([0, 0, .. bytes])[4..24];
            yield return Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(text));
        }
    }
}
