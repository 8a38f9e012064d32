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
    private const string FileVariable = "WARDER_CONFIG";

    private readonly List<(ServeSetting Setting, Option Option)> rows =
        [.. ServeSettings.All.Where(static each => each.Flag != GlobalOptions.Insecure).Select(static each => (each, Create(each)))];

    private readonly Option<string?> configuration = new("--config")
    {
        Description = $"The configuration file: JSON, with the names of these options. [default: {FileVariable}, or "
            + $"{ConfigurationFile.DefaultPath} if it exists]",
        HelpName = "FILE",
    };

    /// <summary>The options, without the one that every command has.</summary>
    public IEnumerable<Symbol> Options => [configuration, .. rows.Select(static row => row.Option)];

    /// <summary>The configuration file of a call.</summary>
    /// <returns>Null: none is named, and the usual one does not exist.</returns>
    /// <exception cref="ArgumentException">The file cannot be read, or is no configuration.</exception>
    public ConfigurationFile? File(Invocation call)
    {
        var named = call.Get(configuration) ?? (call.Shell.Variable(FileVariable) is { Length: > 0 } variable ? variable : null);
        if (named is not null)
            return ConfigurationFile.Read(Path.Combine(call.Shell.Directory, named));
        return System.IO.File.Exists(ConfigurationFile.DefaultPath) ? ConfigurationFile.Read(ConfigurationFile.DefaultPath) : null;
    }

    /// <summary>Reads the options of a server, without its secrets.</summary>
    /// <exception cref="ArgumentException">A value does not have the form of its setting.</exception>
    public ServeOptions Resolve(Invocation call)
    {
        var options = ServeSettings.ToOptions(Given(call));
        return File(call) is { } file ? options with { LogLevels = file.LogLevels } : options;
    }

    /// <summary>Reads the options of a server from the flags, the environment and the file; with its secrets.</summary>
    /// <exception cref="UsageException">A file cannot be read, or two sources contradict each other.</exception>
    /// <exception cref="ArgumentException">A value does not have the form of its setting.</exception>
    public ServeOptions Read(Invocation call)
    {
        var given = Given(call);
        var options = Resolve(call);
        var database = given.FirstOrDefault(static each => each.Setting.Name == "database-file");
        return options with
        {
            LogStream = call.Shell.Log,
            Database = Database(call.Shell, database),
            RereadDatabase = Reread(call.Shell, database),
            ManagementKey = call.Shell.Variable(GlobalOptions.KeyVariable) is { Length: > 0 } preset
                ? new SecretString(preset.Trim())
                : null,
        };
    }

    /// <summary>Finds the given settings.</summary>
    /// <exception cref="ArgumentException">A value does not have the form of its setting.</exception>
    public IReadOnlyList<GivenSetting> Given(Invocation call)
        => ServeSettings.Resolve(setting => FlagOf(call, setting), call.Shell.Variable, File(call) is { } file ? file.Find : null);

    // A password that changes stands in the file first: each new connection reads it again.
    private static Func<SecretString?>? Reread(Shell shell, GivenSetting? file)
        => file is { Values: [.., not InputFile.StandardInput and var path] } && !IsOverruled(shell, file)
            ? () => DatabaseSource.Find(shell, path)
            : null;

    private static bool IsOverruled(Shell shell, GivenSetting file)
        => file.Level == SettingLevel.File && shell.Variable(DatabaseSource.Variable) is { Length: > 0 };

    private static SecretString? Database(Shell shell, GivenSetting? file)
    {
        if (file is { Level: SettingLevel.Environment } && shell.Variable(DatabaseSource.Variable) is { Length: > 0 })
            throw new UsageException($"{file.Source} and {DatabaseSource.Variable} are both given: leave one of them out.");
        return DatabaseSource.Find(shell, file is null || IsOverruled(shell, file) ? null : file.Values[^1]);
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
