using Spectre.Console;
using Warder.Cli.Shells;
using Warder.Core.Secrets;

namespace Warder.Cli.Output;

/// <summary>Prints for people when a terminal is there, and tab-separated lines for other programs when none is.</summary>
internal static class Printer
{
    /// <summary>A list: one line an object.</summary>
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
        // Width is dear: a column that has nothing to say is left out.
        if (items.Count > 0)
            shown = [.. shown.Where(field => items.Any(item => !string.IsNullOrEmpty(field.Value(item))))];
        foreach (var field in shown)
        {
            // What identifies is copied from here: it stays in one piece, however narrow the terminal.
            var column = new TableColumn(new Text(field.Name, new Style(decoration: Decoration.Bold)));
            table.AddColumn(field.Name is "id" or "slug" ? column.NoWrap() : column);
        }

        foreach (var item in items)
            table.AddRow(shown.Select(field => new Text(Printable.From(field.Value(item)))));
        Terminal(shell).Write(table);
    }

    /// <summary>One object: one line a field; people are spared the empty ones.</summary>
    public static void Card<T>(Shell shell, IReadOnlyList<Field<T>> fields, T item)
    {
        if (!shell.IsOutTerminal)
        {
            foreach (var field in fields)
                shell.Out.WriteLine($"{field.Name}\t{Printable.From(field.Value(item))}");
            return;
        }

        var grid = new Grid().AddColumn().AddColumn();
        foreach (var (name, value) in fields.Select(field => (field.Name, Printable.From(field.Value(item)))).Where(row => row.Item2.Length > 0))
            grid.AddRow(new Text(name, new Style(foreground: Color.Grey)), new Text(value));
        Terminal(shell).Write(grid);
    }

    /// <summary>How many there are of something, in words: <c>1 error</c>, <c>2 errors</c>.</summary>
    public static string Count(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>A new secret, the one time that it is shown.</summary>
    public static void Secret(Shell shell, SecretString value)
    {
        if (!shell.IsOutTerminal)
        {
            shell.Out.WriteLine($"value\t{value.Reveal()}");
            return;
        }

        // Not in a box: a secret that is wrapped or framed cannot be copied. Not wrapped by the console either.
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
