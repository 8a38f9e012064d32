using System.CommandLine;
using Warder.Cli.Nouns;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client;
using Warder.Client.Lists;
using Warder.Contracts.Keys;
using Warder.Contracts.Lists;

namespace Warder.Cli.Commands;

/// <summary>Builds the commands that most nouns have from the calls of the client.</summary>
/// <param name="shell">The process's surroundings.</param>
/// <param name="id">Creates the argument that names one object; each command needs its own.</param>
/// <param name="fields">The fields of an object, for its card and its lists.</param>
internal sealed class Noun<T>(Shell shell, Func<Argument<string>> id, IReadOnlyList<Field<T>> fields)
{
    private const string AnyOption = "Nothing to change: see the options.";

    /// <summary>Builds <c>list</c> without filters.</summary>
    public CliCommand List(
        string description, string[] examples, Func<WarderClient, Func<ListQuery, CancellationToken, Task<ListPage<T>>>> page)
        => List(description, examples, [], static _ => new ListQuery(), page);

    /// <summary>Builds <c>list</c>; the options of pages follow those of the query.</summary>
    public CliCommand List<TQuery>(
        string description, string[] examples, Symbol[] symbols, Func<Invocation, TQuery> query,
        Func<WarderClient, Func<TQuery, CancellationToken, Task<ListPage<T>>>> page)
        where TQuery : ListQuery
    {
        var pages = new ListOptions();
        var command = new CliCommand("list", description, examples).With(symbols);
        pages.AddTo(command);
        return command.Does(shell, call => call.ListAsync(pages, query(call), page(call.Client), fields));
    }

    /// <summary>Builds <c>show</c>.</summary>
    public CliCommand Show(string description, string example, Func<WarderClient, Func<string, CancellationToken, Task<T>>> get)
        => On("show", description, [example], [], (call, it) => get(call.Client)(it, call.Cancelled));

    /// <summary>Builds <c>show</c> for an object that can have an external id.</summary>
    public CliCommand Show(
        string description, string[] examples, Option<string?> externalId, Func<WarderClient, Func<string, CancellationToken, Task<T>>> get,
        Func<WarderClient, Func<string, CancellationToken, Task<T>>> getByExternalId)
    {
        var own = new Argument<string?>("ID") { Description = id().Description, Arity = ArgumentArity.ZeroOrOne };
        return new CliCommand("show", description, examples).With(own, externalId).Does(shell, async call =>
        {
            var (byId, byExternalId) = (call.Get(own), call.Get(externalId));
            if (byId is null == byExternalId is null)
                throw new UsageException("Give either ID or --external-id.");
            var find = byId is not null ? get(call.Client) : getByExternalId(call.Client);
            return call.Show(fields, await find((byId ?? byExternalId)!, call.Cancelled));
        });
    }

    /// <summary>Builds <c>create</c>, which prints the new object.</summary>
    public CliCommand Create(string description, string[] examples, Symbol[] symbols, Func<Invocation, Task<T>> create)
        => new CliCommand("create", description, examples).With(symbols)
            .Does(shell, async call => call.Show(fields, await create(call)));

    /// <summary>Builds <c>update</c>. A request without a change is an error of usage, which names the options.</summary>
    public CliCommand Update<TRequest>(
        string description, string[] examples, Option[] options, Func<Invocation, TRequest> request,
        Func<WarderClient, Func<string, TRequest, CancellationToken, Task<T>>> update, bool namesOptions = true)
        where TRequest : class, new()
        => On("update", description, examples, options, (call, it) =>
        {
            var patch = request(call);
            return patch.Equals(new TRequest())
                ? throw new UsageException(namesOptions
                    ? $"Nothing to change: name at least one of {string.Join(", ", options.Select(option => option.Name))}."
                    : AnyOption)
                : update(call.Client)(it, patch, call.Cancelled);
        });

    /// <summary>Builds <c>delete</c>; with <c>--dry-run</c> where the server previews it.</summary>
    public CliCommand Delete(
        string description, string[] examples, Func<WarderClient, Func<string, CancellationToken, Task>> delete,
        Func<WarderClient, Func<string, CancellationToken, Task<DryRun>>>? preview = null)
        => OnOne("delete", description, examples, [], preview, async (call, it) =>
        {
            await delete(call.Client)(it, call.Cancelled);
            return call.Done($"Deleted {it}.");
        });

    /// <summary>Builds a command about one object, which prints the object.</summary>
    public CliCommand On(
        string name, string description, string[] examples, Symbol[] symbols, Func<Invocation, string, Task<T>> action,
        Func<WarderClient, Func<string, CancellationToken, Task<DryRun>>>? preview = null)
        => OnOne(name, description, examples, symbols, preview, async (call, it) => call.Show(fields, await action(call, it)));

    /// <summary>Builds a command about one object, which prints the object and its new secret.</summary>
    public CliCommand Rotate(
        string[] examples, Symbol[] symbols, Func<Invocation, string, Task<(T Item, Core.Secrets.SecretString Value)>> rotate)
    {
        const string description = "Gives the key a new secret and shows it, this once; the old secret works until the overlap ends.";
        return OnOne("rotate", description, examples, symbols, preview: null, async (call, it) =>
        {
            var (item, value) = await rotate(call, it);
            return call.ShowIssued(fields, item, value);
        });
    }

    /// <summary>Builds <c>end-secret</c>.</summary>
    public CliCommand EndSecret(string example, Func<WarderClient, Func<string, string, CancellationToken, Task>> end)
    {
        var secret = new Argument<string>("SECRET") { Description = "The secret: secret_…, as show lists it." };
        return OnOne(
            "end-secret", "Ends one secret of the key, and leaves the others.", [example], [secret], preview: null, async (call, it) =>
        {
            await end(call.Client)(it, call.Get(secret), call.Cancelled);
            return call.Done($"Ended {call.Get(secret)} of {it}.");
        });
    }

    private CliCommand OnOne(
        string name, string description, string[] examples, Symbol[] symbols,
        Func<WarderClient, Func<string, CancellationToken, Task<DryRun>>>? preview, Func<Invocation, string, Task<int>> action)
    {
        var one = id();
        var dryRun = preview is null ? null : Arguments.DryRun();
        var command = new CliCommand(name, description, examples).With([one, .. symbols]);
        if (dryRun is not null)
            command.Add(dryRun);
        return command.Does(shell, async call => dryRun is not null && call.Get(dryRun)
            ? call.ShowDryRun(await preview!(call.Client)(call.Get(one), call.Cancelled), KeyCommands.Fields)
            : await action(call, call.Get(one)));
    }
}
