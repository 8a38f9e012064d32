using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client;
using Warder.Client.Lists;
using Warder.Contracts;
using Warder.Contracts.Keys;
using Warder.Contracts.Lists;
using Warder.Core.Secrets;

namespace Warder.Cli.Commands;

/// <summary>One run of one command: its parsed options, its client, and the ways to print a result.</summary>
internal sealed class Invocation : IDisposable
{
    // This encoder escapes control characters, too.
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly AnswerTap tap = new();
    private readonly Lazy<HttpClient> plain = new(static () => Http(new SocketsHttpHandler { AllowAutoRedirect = false }));
    private readonly Lazy<(HttpClient Http, WarderClient Client, SecretString? Key)> connection;

    public Invocation(Shell shell, ParseResult parsed, CancellationToken cancellationToken)
    {
        (Shell, Parsed, Cancelled) = (shell, parsed, cancellationToken);
        connection = new Lazy<(HttpClient, WarderClient, SecretString?)>(Connect);
    }

    public Shell Shell { get; }

    public ParseResult Parsed { get; }

    public CancellationToken Cancelled { get; }

    /// <summary>Whether <c>--json</c> is given: the command prints the API's JSON unchanged.</summary>
    public bool IsJson => Parsed.GetValue<bool>(GlobalOptions.Json);

    /// <summary>The client of the server, created at first use: only commands that need the management key read it.</summary>
    public WarderClient Client => connection.Value.Client;

    /// <summary>Whether the client was created with a management key.</summary>
    public bool HasKey => connection.IsValueCreated && connection.Value.Key is not null;

    /// <summary>Prints one object.</summary>
    public int Show<T>(IReadOnlyList<Field<T>> fields, T item)
    {
        if (IsJson)
            PrintJson();
        else
            Card(fields, item);
        return ExitCode.Ok;
    }

    /// <summary>Prints a list that has no further pages.</summary>
    public int ShowAll<T>(IReadOnlyList<Field<T>> fields, IReadOnlyList<T> items)
    {
        if (IsJson)
            PrintJson();
        else
            Printer.List(Shell, fields, items);
        return ExitCode.Ok;
    }

    /// <summary>Prints one object and its new secret.</summary>
    public int ShowIssued<T>(IReadOnlyList<Field<T>> fields, T item, SecretString value)
    {
        if (IsJson)
        {
            PrintJson();
            return ExitCode.Ok;
        }

        Card(fields, item);
        Printer.Secret(Shell, value);
        return ExitCode.Ok;
    }

    /// <summary>Prints the result of a dry run.</summary>
    public int ShowDryRun(DryRun answer, IReadOnlyList<Field<ApiKey>> fields)
    {
        if (IsJson)
        {
            PrintJson();
            return ExitCode.Ok;
        }

        Printer.List(Shell, fields, answer.ApiKeys);
        var rest = answer.ApiKeysEnded > answer.ApiKeys.Count ? $", of which the first {answer.ApiKeys.Count} are shown" : "";
        Shell.Error.WriteLine($"{answer.ApiKeysEnded} API key(s) would end or be suspended{rest}. Nothing was changed.");
        return ExitCode.Ok;
    }

    /// <summary>Reports the success of a call without a result. Prints nothing in JSON.</summary>
    public int Done(string sentence)
    {
        if (!IsJson)
            Shell.Out.WriteLine(Printable.From(sentence));
        if (!IsJson && tap.LastReceiptId is { } receipt)
            Shell.Error.WriteLine($"In force everywhere: warder receipts show {Printable.From(receipt)}");
        return ExitCode.Ok;
    }

    /// <summary>Prints one page of a list, or all pages. In JSON each page is a line.</summary>
    public async Task<int> ListAsync<TQuery, T>(
        ListOptions options, TQuery query, Func<TQuery, CancellationToken, Task<ListPage<T>>> page, IReadOnlyList<Field<T>> fields)
        where TQuery : ListQuery
    {
        var at = options.Apply(Parsed, query);
        var items = new List<T>();
        while (true)
        {
            var current = await page(at, Cancelled);
            if (IsJson)
                PrintJson();
            else
                items.AddRange(current.Data);
            var after = current.ListMetadata.After;
            if (after is not null && options.IsAll(Parsed))
            {
                at = at with { After = after };
                continue;
            }

            if (!IsJson)
                Printer.List(Shell, fields, items);
            if (after is not null && !IsJson)
                Shell.Error.WriteLine($"There is more: --after {Printable.From(after)}, or --all.");
            return ExitCode.Ok;
        }
    }

    /// <summary>Prints the body of the last response and a line end; byte for byte if standard output is not a terminal.</summary>
    public void PrintJson() => Shell.WriteJson(tap.LastBody);

    /// <summary>Prints JSON that the command makes itself, without a server.</summary>
    public void Print(JsonObject json) => Shell.WriteJson(json.ToJsonString(Relaxed));

    public void Dispose()
    {
        if (connection.IsValueCreated)
            connection.Value.Http.Dispose();
        if (plain.IsValueCreated)
            plain.Value.Dispose();
        tap.Dispose();
    }

    private void Card<T>(IReadOnlyList<Field<T>> fields, T item)
    {
        Printer.Card(Shell, tap.LastReceiptId is { } id ? [.. fields, new("receipt", _ => id)] : fields, item);
        if (tap.LastReceiptId is null || !Shell.IsErrorTerminal)
            return;
        if (JsonSerializer.Deserialize(tap.LastBody, WarderJson.Wire.ReceiptHolder)?.Receipt is { } receipt)
            ReceiptText.Summary(Shell, receipt);
    }

    /// <summary>The server: of the option, of the environment variable, or the default.</summary>
    public Uri Address
    {
        get
        {
            var text = Parsed.GetValue<string?>(GlobalOptions.Url) ?? Shell.Variable(GlobalOptions.UrlVariable);
            if (string.IsNullOrEmpty(text))
                return WarderClientOptions.DefaultBaseAddress;
            var isVariable = Parsed.GetValue<string?>(GlobalOptions.Url) is null;
            return AddressOf(isVariable ? GlobalOptions.UrlVariable : GlobalOptions.Url, text, IsInsecure);
        }
    }

    /// <summary>Whether <c>--insecure</c> is given: plain http may leave this machine.</summary>
    public bool IsInsecure => Parsed.GetValue<bool>(GlobalOptions.Insecure);

    /// <summary>Reads an address.</summary>
    /// <exception cref="UsageException">The text is not an address, or it would carry keys over a network in the clear.</exception>
    public static Uri AddressOf(string option, string text, bool isInsecure)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"{option}: \"{text}\" is not an http or https URL. Write http://127.0.0.1:7070.");
        return address.Scheme == "https" || address.IsLoopback || isInsecure ? address : throw new UsageException(
            $"{option}: \"{text}\" would carry keys in the clear over a network. "
            + $"Write https; or, where the network itself is trusted, {GlobalOptions.Insecure}.");
    }

    /// <summary>Creates a client of any server. It keeps no responses and watches no changes.</summary>
    public WarderClient ClientOf(Uri address) => new(plain.Value, Options(address, KeyFor(address)));

    /// <summary>Finds the management key for a server.</summary>
    /// <exception cref="UsageException">There is no management key for it.</exception>
    public SecretString KeyFor(Uri address)
    {
        var file = Parsed.GetValue<string?>(GlobalOptions.KeyFile);
        // Standard input can be read once.
        var key = file == InputFile.StandardInput ? connection.Value.Key : ManagementKeySource.Find(Shell, file, address);
        return key
            ?? throw new UsageException($"Give a management key by {GlobalOptions.KeyFile} FILE, or by {GlobalOptions.KeyVariable}.");
    }

    // The client has a timeout of its own for each call.
    private static HttpClient Http(HttpMessageHandler handler, bool disposeHandler = true)
        => new(handler, disposeHandler) { Timeout = Timeout.InfiniteTimeSpan };

    private WarderClientOptions Options(Uri address, SecretString? key)
        => new() { BaseAddress = address, ManagementKey = key?.Reveal(), AllowInsecure = IsInsecure };

    private (HttpClient Http, WarderClient Client, SecretString? Key) Connect()
    {
        tap.InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false };
        var http = Http(tap, disposeHandler: false);
        try
        {
            var address = Address;
            if (Shell.IsErrorTerminal)
                tap.Watch = send => new ReceiptWatch(Shell, new Uri(address.AbsoluteUri.TrimEnd('/') + "/receipts/pending"), send);
            var key = ManagementKeySource.Find(Shell, Parsed.GetValue<string?>(GlobalOptions.KeyFile), address);
            return (http, new WarderClient(http, Options(address, key)), key);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }
    }
}
