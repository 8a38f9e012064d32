using System.CommandLine;

namespace Warder.Cli.Output;

/// <summary>Finds the command or option that a misspelt word is nearest to.</summary>
internal static class Suggestion
{
    private const int MaxLength = 40;

    /// <summary>Finds the nearest name of a command's subcommands and options.</summary>
    /// <returns>Null when no name is near.</returns>
    public static string? For(string word, Command command)
    {
        if (word.Length > MaxLength)
            return null;
        var names = command.Subcommands.SelectMany(it => it.Aliases.Prepend(it.Name))
            .Concat(command.Options.SelectMany(it => it.Aliases.Prepend(it.Name)));
        var (name, distance) = names.Select(it => (it, Distance(word, it))).DefaultIfEmpty(("", int.MaxValue)).MinBy(it => it.Item2);
        return distance <= Math.Max(1, word.Length / 3) ? name : null;
    }

    /// <summary>Counts the changes of one character that turn one word into the other; two exchanged neighbours count as one.</summary>
    private static int Distance(string one, string other)
    {
        var cells = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
                cells[i, j] = Cell(cells, one, other, i, j);
        }

        return cells[one.Length, other.Length];
    }

    private static int Cell(int[,] cells, string one, string other, int i, int j)
    {
        if (i == 0 || j == 0)
            return i + j;
        var replaced = cells[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
        var best = Math.Min(replaced, Math.Min(cells[i - 1, j], cells[i, j - 1]) + 1);
        var isExchange = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
        return isExchange ? Math.Min(best, cells[i - 2, j - 2] + 1) : best;
    }
}
