namespace Warder.Bench;

/// <summary>Prints the measurements.</summary>
internal static class Table
{
    public static void Print(IReadOnlyList<Row> rows)
    {
        string[][] cells =
        [
            ["claim", "measured", "bar", "aim", ""],
            .. rows.Select(row => new[] { row.Text, row.ShowMeasured, row.Show(row.Bar), row.Show(row.Aim), row.Verdict }),
        ];
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        Console.WriteLine();
        for (var i = 0; i < cells.Length; i++)
        {
            Console.WriteLine(
                string.Join("  ", cells[i].Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))
                    .TrimEnd());
            if (i == 0)
                Console.WriteLine(string.Join("  ", widths.Select(width => new string('-', width))));
        }

        Console.WriteLine();
        foreach (var row in rows.Where(row => row.Note.Length > 0))
            Console.WriteLine($"{row.Text}: {row.Note}");
        Console.WriteLine($"{rows.Count(row => row.Bar is not null && !row.Missed)} bars met, {rows.Count(row => row.Missed)} missed");
    }
}
