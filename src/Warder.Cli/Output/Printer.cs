using Spectre.Console;
using Warder.Cli.Shells;
using Warder.Core.Secrets;

namespace Warder.Cli.Output;

/// <summary>Prints tables on a terminal, and tab-separated lines for other programs otherwise.</summary>
internal static class Printer
{
    /// <summary>Prints a list: one line an object.</summary>
    public static void List<T>(Shell shell, IReadOnlyList<Field<T>> fields, IReadOnlyList<T> items)
    {
        var shown = fields.Where(field => field.InList).ToArray();
        if (!shell.IsOutTerminal)
        {
            shell.Out.WriteLine(string.Join('\t', shown.Select(field => field.Name)));
            foreach (var item in items)
                shell.Out.WriteLine(string.Join('\t', shown.Select(field => Printable.From(field.Value(item)))));
            return;
        }

        var table = new Table().Border(TableBorder.Rounded);
        // Omit empty columns: the width of a terminal is scarce.
        if (items.Count > 0)
            shown = [.. shown.Where(field => items.Any(item => !string.IsNullOrEmpty(field.Value(item))))];
        foreach (var field in shown)
        {
            // Users copy identifiers: they are never wrapped, even on a narrow terminal.
            var column = new TableColumn(new Text(field.Name, new Style(decoration: Decoration.Bold)));
            table.AddColumn(field.Name is "id" or "slug" ? column.NoWrap() : column);
        }

        foreach (var item in items)
            table.AddRow(shown.Select(field => new Text(Printable.From(field.Value(item)))));
        Terminal(shell).Write(table);
    }

    /// <summary>Prints one object: one line a field. A terminal shows no empty fields.</summary>
    public static void Card<T>(Shell shell, IReadOnlyList<Field<T>> fields, T item)
    {
        if (!shell.IsOutTerminal)
        {
            foreach (var field in fields)
                shell.Out.WriteLine($"{field.Name}\t{Printable.From(field.Value(item))}");
            return;
        }

        var grid = new Grid().AddColumn().AddColumn();
        var rows = fields.Select(field => (field.Name, Value: Printable.From(field.Value(item)))).Where(row => row.Value.Length > 0);
        foreach (var (name, value) in rows)
            grid.AddRow(new Text(name, new Style(foreground: Color.Grey)), new Text(value));
        Terminal(shell).Write(grid);
    }

    /// <summary>Formats a count with its noun: <c>1 error</c>, <c>2 errors</c>.</summary>
    public static string Count(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>Prints a new secret. No later command can print it again.</summary>
    public static void Secret(Shell shell, SecretString value)
    {
        if (!shell.IsOutTerminal)
        {
            shell.Out.WriteLine($"value\t{value.Reveal()}");
            return;
        }

        // Print without a border and at a large width: a secret in a border or across lines cannot be copied.
        var console = Terminal(shell);
        console.WriteLine();
        console.Write(new Text("Copy it now: it is not shown again.\n", new Style(foreground: Color.Yellow)));
        console.Profile.Width = 4096;
        console.Write(new Text(value.Reveal() + "\n", new Style(decoration: Decoration.Bold)));
    }

    private static IAnsiConsole Terminal(Shell shell) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(shell.Out),
        Interactive = InteractionSupport.No,
    });
}
