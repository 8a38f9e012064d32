using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Shells;
using Warder.Core.Secrets;
using Warder.Server.Configuration;
using Warder.Server.Hosting;

namespace Warder.Cli.Options;

/// <summary>The options of <c>warder serve</c>: one for each row of <see cref="ServeSettings"/>.</summary>
internal sealed class ServeSettingOptions
{
    private readonly List<(ServeSetting Setting, Option Option)> rows =
        [.. ServeSettings.All.Where(static each => each.Flag != GlobalOptions.Insecure).Select(static each => (each, Create(each)))];

    /// <summary>The options, without the one that every command has.</summary>
    public IEnumerable<Symbol> Options => rows.Select(static row => row.Option);

    /// <summary>Reads the options of a server, without its secrets.</summary>
    /// <exception cref="ArgumentException">A value does not have the form of its setting.</exception>
    public ServeOptions Resolve(Invocation call) => ServeSettings.ToOptions(Given(call));

    /// <summary>Reads the options of a server from the flags, then from the environment; with its secrets.</summary>
    /// <exception cref="UsageException">A file cannot be read, or two sources contradict each other.</exception>
    /// <exception cref="ArgumentException">A value does not have the form of its setting.</exception>
    public ServeOptions Read(Invocation call)
    {
        var given = Given(call);
        var options = ServeSettings.ToOptions(given);
        return options with
        {
            LogStream = call.Shell.Log,
            Database = Database(call.Shell, given.FirstOrDefault(static each => each.Setting.Name == "database-file")),
            ManagementKey = call.Shell.Variable(GlobalOptions.KeyVariable) is { Length: > 0 } preset
                ? new SecretString(preset.Trim())
                : null,
        };
    }

    private IReadOnlyList<GivenSetting> Given(Invocation call)
        => ServeSettings.Resolve(setting => FlagOf(call, setting), call.Shell.Variable);

    private static SecretString? Database(Shell shell, GivenSetting? file)
    {
        if (file is { Level: SettingLevel.Environment } && shell.Variable(DatabaseSource.Variable) is { Length: > 0 })
            throw new UsageException($"{file.Source} and {DatabaseSource.Variable} are both given: leave one of them out.");
        return DatabaseSource.Find(shell, file?.Values[^1]);
    }

    private IReadOnlyList<string>? FlagOf(Invocation call, ServeSetting setting)
    {
        if (setting.Flag == GlobalOptions.Insecure)
            return call.IsInsecure ? ["true"] : null;
        if (call.Parsed.GetResult(rows.Find(row => row.Setting == setting).Option) is not { Implicit: false } result)
            return null;
        return setting.Kind == SettingKind.Flag && result.Tokens.Count == 0 ? ["true"] : [.. result.Tokens.Select(static t => t.Value)];
    }

    private static Option Create(ServeSetting setting)
    {
        if (setting.Kind == SettingKind.Flag)
            return new Option<bool>(setting.Flag) { Description = setting.Description };
        if (setting.Repeats)
            return new Option<string[]>(setting.Flag) { Description = setting.Description, HelpName = setting.HelpName };
        var option = new Option<string?>(setting.Flag) { Description = setting.Description, HelpName = setting.HelpName };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && setting.Problem(value) is { } problem)
                result.AddError($"{setting.Flag}: {problem}");
        });
        return option;
    }
}
