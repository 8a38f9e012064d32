using System.Text.Json;
using Warder.Cedar.Diagnostics;
using Warder.Server.Configuration;

namespace Warder.Cli.Options;

/// <summary>
/// The configuration file of <c>warder serve</c>: one JSON object, whose members are the settings by the names of their flags, and
/// <c>Logging</c> as the framework has it. Comments and trailing commas are allowed. A file that has anything else is refused whole.
/// </summary>
internal sealed class ConfigurationFile
{
    /// <summary>The file that is read when no other is named, if it exists.</summary>
    public const string DefaultPath = "/etc/warder/warder.json";

    private const int MostBytes = 1 << 20;
    private const int MostProblems = 10;
    private const string LoggingName = "Logging";
    private const string LevelsName = "LogLevel";

    private readonly Dictionary<string, IReadOnlyList<string>> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> levels = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> problems = [];

    private ConfigurationFile(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The levels of the log, by category.</summary>
    public IReadOnlyDictionary<string, string> LogLevels => levels;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ArgumentException">The file cannot be read, or is no configuration; the message has every problem.</exception>
    public static ConfigurationFile Read(string path)
    {
        var file = new ConfigurationFile(System.IO.Path.GetFullPath(path));
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != 0)
                throw new ArgumentException($"{path}: every user of this machine can change it. Mend it: chmod o-w {path}");
            using var stream = File.OpenRead(path);
            if (stream.Length > MostBytes)
                throw new ArgumentException($"{path}: it is longer than 1 MB.");
            using var json = JsonDocument.Parse(
                stream, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            file.Take(json.RootElement);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"{path}: it cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"{path}: it is no JSON: {e.Message}", e);
        }

        if (file.problems.Count > 0)
            throw new ArgumentException($"{path}: {string.Join("; ", file.problems.Take(MostProblems))}");
        return file;
    }

    /// <summary>Finds the values of a setting.</summary>
    /// <returns>Null: the file does not have it.</returns>
    public GivenSetting? Find(ServeSetting setting)
        => values.GetValueOrDefault(setting.Name) is { } found
            ? new GivenSetting(setting, found, SettingLevel.File, $"{Path}: {setting.Name}")
            : null;

    private void Take(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add("it must be one JSON object");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            if (!seen.Add(member.Name))
                problems.Add($"`{member.Name}` is there twice");
            else if (member.Name == LoggingName)
                TakeLogging(member.Value);
            else if (ServeSettings.All.FirstOrDefault(each => each.Name == member.Name) is { } setting)
                Take(setting, member.Value);
            else
                problems.Add(Unknown(member.Name, ServeSettings.All.Select(static each => each.Name).Append(LoggingName)));
        }
    }

    private void Take(ServeSetting setting, JsonElement value)
    {
        var (form, texts) = setting.Kind switch
        {
            SettingKind.Number => ("a whole number", value.ValueKind == JsonValueKind.Number ? [value.GetRawText()] : null),
            SettingKind.Flag => (
                "true or false", value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [value.GetRawText()] : null),
            _ when setting.Repeats => ("a list of texts", TextsOf(value)),
            _ => ("a text", value.ValueKind == JsonValueKind.String ? (string[])[value.GetString()!] : null),
        };
        if (texts is null || texts.Any(static text => text.Length == 0))
            problems.Add($"`{setting.Name}` must be {form}");
        else if (texts.Select(setting.Problem).FirstOrDefault(static problem => problem is not null) is { } problem)
            problems.Add($"`{setting.Name}`: {problem}");
        else if (setting.Kind == SettingKind.Path && texts[0] == "-")
            problems.Add($"`{setting.Name}` cannot be standard input");
        else if (texts.Length > 0)
            values[setting.Name] = setting.Kind == SettingKind.Path ? [FromFile(texts[0])] : texts;
    }

    // A path in the file counts from the file, so that the working directory of a service makes no difference.
    private string FromFile(string path) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, path);

    private static string[]? TextsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            => [.. value.EnumerateArray().Select(static item => item.GetString()!)],
        _ => null,
    };

    private void TakeLogging(JsonElement logging)
    {
        if (logging.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"`{LoggingName}` must be an object");
            return;
        }

        foreach (var member in logging.EnumerateObject())
        {
            if (member.Name != LevelsName || member.Value.ValueKind != JsonValueKind.Object)
            {
                problems.Add($"`{LoggingName}` has `{LevelsName}`, an object of levels by category, and nothing else");
                continue;
            }

            foreach (var level in member.Value.EnumerateObject())
                TakeLevel(level);
        }
    }

    private void TakeLevel(JsonProperty level)
    {
        if (level.Value.ValueKind != JsonValueKind.String)
        {
            problems.Add($"the level of `{level.Name}` must be a text");
            return;
        }

        if (!levels.TryAdd(level.Name, level.Value.GetString()!))
            problems.Add($"the level of `{level.Name}` is there twice");
    }

    private static string Unknown(string name, IEnumerable<string> known)
    {
        // Other systems write names with underscores or in camel case.
        var hyphenated = name.Replace('_', '-');
        var help = Spelling.Help(hyphenated, known);
        var isSecret = name is "database" or "management-key" or "management_key" or "password";
        return $"`{name}` is no setting" + (isSecret ? ": a secret stands in a file of its own, or in the environment" : "")
            + (help is null ? "" : ": " + help);
    }
}
