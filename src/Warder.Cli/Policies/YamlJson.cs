using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Warder.Cedar;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cli.Policies;

/// <summary>
/// Converts YAML to JSON for Cedar's readers of values, and maps the places of their diagnostics back to the YAML. Plain scalars follow the
/// core schema of YAML 1.2. A number that Cedar does not have, and a scalar that YAML 1.1 reads differently, is refused.
/// </summary>
internal sealed class YamlJson
{
    // The JSON is one line of ASCII, so a column of a diagnostic is an offset in it.
    private readonly StringBuilder json = new();
    private readonly List<(int Offset, SourceSpan Span)> places = [];
    private readonly SourceText source;
    private readonly List<Diagnostic> errors = [];

    private YamlJson(SourceText source) => this.source = source;

    /// <summary>The supported tags, which follow <c>!</c> before a scalar.</summary>
    public static IReadOnlyList<string> Tags { get; } = [EntityTag, "ip", "decimal", "datetime", "duration"];

    private const string EntityTag = "entity";

    /// <summary>Reads a record or a set as JSON.</summary>
    public static T? Read<T>(YamlNode node, SourceText source, Func<string, Parsed<T>> read, ICollection<Diagnostic> diagnostics)
        where T : class
        => Read(node, source, static (yaml, it) => yaml.Write(it), read, diagnostics);

    /// <summary>Reads entities as JSON. Their uids, and those of their parents, may be in the syntax of policies.</summary>
    public static Entities? ReadEntities(
        YamlNode node, SourceText source, Func<string, Parsed<Entities>> read, ICollection<Diagnostic> diagnostics)
        => Read(node, source, static (yaml, it) => yaml.WriteEntities(it), read, diagnostics);

    /// <summary>Reads the uid of an entity in the syntax of policies.</summary>
    /// <returns>Null after an error, which it adds to the diagnostics.</returns>
    public static EntityUid? ReadUid(YamlNode node, SourceText source, ICollection<Diagnostic> diagnostics)
    {
        if (node.Kind == YamlKind.Scalar && node.Tag is null or EntityTag && EntityUid.TryParse(node.Text, out var uid))
            return uid;
        var shown = node.Kind == YamlKind.Scalar ? $"`{node.Text}` is not an entity's name" : "an entity's name is expected";
        diagnostics.Add(Diagnostic.At(source, node.Span, SyntaxCodes.InvalidShape, shown, "it is written as in policies: User::\"alice\""));
        return null;
    }

    private static T? Read<T>(
        YamlNode node, SourceText source, Action<YamlJson, YamlNode> write, Func<string, Parsed<T>> read,
        ICollection<Diagnostic> diagnostics)
        where T : class
    {
        var yaml = new YamlJson(source);
        write(yaml, node);
        foreach (var error in yaml.errors)
            diagnostics.Add(error);
        if (yaml.errors.Count > 0)
            return null;
        var parsed = read(yaml.json.ToString());
        foreach (var diagnostic in parsed.Diagnostics)
            diagnostics.Add(yaml.InPlace(diagnostic, node));
        return parsed.Value;
    }

    private Diagnostic InPlace(Diagnostic diagnostic, YamlNode whole)
    {
        var at = diagnostic.Line == 0 ? -1 : places.FindLastIndex(place => place.Offset < diagnostic.Column);
        return Diagnostic.At(source, at < 0 ? whole.Span : places[at].Span, diagnostic.Code, diagnostic.Message, diagnostic.Help)
            with { Severity = diagnostic.Severity };
    }

    private void Write(YamlNode node)
    {
        places.Add((json.Length, node.Span));
        switch (node.Kind)
        {
            case YamlKind.Mapping:
                WriteFields(node.Fields, (_, value) => Write(value));
                break;
            case YamlKind.Sequence:
                WriteItems(node, Write);
                break;
            default:
                WriteScalar(node);
                break;
        }
    }

    private void WriteEntities(YamlNode node)
    {
        if (node.Kind == YamlKind.Sequence)
            WriteItems(node, WriteEntity);
        else
            Write(node);
    }

    private void WriteEntity(YamlNode node)
    {
        if (node.Kind != YamlKind.Mapping)
        {
            Write(node);
            return;
        }

        // An entity may omit attributes and parents.
        YamlField[] defaults =
        [
            new("attrs", node.Span, new YamlNode(YamlKind.Mapping, node.Span)),
            new("parents", node.Span, new YamlNode(YamlKind.Sequence, node.Span)),
        ];
        WriteFields([.. node.Fields, .. defaults.Where(field => node[field.Name] is null)], WriteEntityField);
    }

    private void WriteEntityField(string name, YamlNode value)
    {
        if (name == "uid" && value.Kind == YamlKind.Scalar)
            WriteUid(value);
        else if (name == "parents" && value.Kind == YamlKind.Sequence)
            WriteItems(value, item => { if (item.Kind == YamlKind.Scalar) WriteUid(item); else Write(item); });
        else
            Write(value);
    }

    private void WriteFields(IReadOnlyList<YamlField> fields, Action<string, YamlNode> write)
    {
        json.Append('{');
        for (var i = 0; i < fields.Count; i++)
        {
            json.Append(i > 0 ? "," : "");
            places.Add((json.Length, fields[i].Span));
            WriteText(fields[i].Name);
            json.Append(':');
            write(fields[i].Name, fields[i].Value);
        }

        json.Append('}');
    }

    private void WriteItems(YamlNode node, Action<YamlNode> write)
    {
        json.Append('[');
        for (var i = 0; i < node.Items.Count; i++)
        {
            json.Append(i > 0 ? "," : "");
            write(node.Items[i]);
        }

        json.Append(']');
    }

    private void WriteScalar(YamlNode node)
    {
        if (node.Tag == EntityTag)
        {
            json.Append("{\"__entity\":");
            WriteUid(node);
            json.Append('}');
        }
        else if (node.Tag is { } function)
        {
            json.Append("{\"__extn\":{\"fn\":\"").Append(function).Append("\",\"arg\":");
            WriteText(node.Text);
            json.Append("}}");
        }
        else if (!node.IsPlain)
        {
            WriteText(node.Text);
        }
        else
        {
            WritePlain(node);
        }
    }

    private void WritePlain(YamlNode node)
    {
        var text = node.Text;
        if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE" or "null" or "Null" or "NULL" or "~" or "")
            json.Append(text.Length > 1 ? text.ToLowerInvariant() : "null");
        else if (IsInteger(text))
            json.Append(text.TrimStart('+'));
        else if (LooksLikeNumber(text))
            Error(
                node,
                $"Cedar has no numbers but integers of 64 bits, and `{text}` looks like another",
                "put text in quotation marks, and write a decimal as !decimal 1.5");
        else if (text.ToLowerInvariant() is "yes" or "no" or "on" or "off")
            Error(node, $"`{text}` is text in YAML 1.2 and a boolean in YAML 1.1", "write true or false, or put it in quotation marks");
        else
            WriteText(text);
    }

    private void WriteUid(YamlNode node)
    {
        places.Add((json.Length, node.Span));
        if (ReadUid(node, source, errors) is not { } uid)
            return;
        json.Append("{\"type\":");
        WriteText(uid.Type.Text);
        json.Append(",\"id\":");
        WriteText(uid.Id);
        json.Append('}');
    }

    private void WriteText(string text) => json.Append('"').Append(JavaScriptEncoder.Default.Encode(text)).Append('"');

    private void Error(YamlNode node, string message, string help)
        => errors.Add(Diagnostic.At(source, node.Span, SyntaxCodes.InvalidShape, message, help));

    private static bool IsInteger(string text)
    {
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        return digits.Length > 0 && (digits[0] != '0' || digits.Length == 1) && !digits.ContainsAnyExceptInRange('0', '9');
    }

    // Covers the numbers of all versions of YAML: fractions, exponents, other bases, leading zeros, underscores.
    private static bool LooksLikeNumber(string text)
    {
        var digits = text.TrimStart('-', '+').Replace("_", "", StringComparison.Ordinal);
        if (digits.Length < 2)
            return false;
        if (digits[0] == '0' && digits[1] is 'x' or 'o' or 'b')
            return true;
        const NumberStyles styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return digits.ToLowerInvariant() is ".inf" or ".nan"
            || (digits[0] is '.' or (>= '0' and <= '9') && double.TryParse(digits, styles, CultureInfo.InvariantCulture, out _));
    }
}
