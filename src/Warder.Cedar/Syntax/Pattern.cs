using System.Text;
using Warder.Cedar.Parsing;

namespace Warder.Cedar.Syntax;

/// <summary>
/// What stands behind <c>like</c>: literal text with wildcards between, each of which stands for any text, also none. The pieces of literal
/// text are one more than the wildcards; the first and the last may be empty, and so may those between neighbours.
/// </summary>
public sealed class Pattern : IEquatable<Pattern>
{
    private readonly string[] _pieces;
    private readonly int _longest;

    private Pattern(string[] pieces) => (_pieces, _longest) = (pieces, pieces.Max(piece => piece.Length));

    /// <summary>The literal text before, between and behind the wildcards.</summary>
    public IReadOnlyList<string> Pieces => _pieces;

    /// <summary>How much there is to read of it: its pieces, and their text.</summary>
    internal long Size => _pieces.Sum(piece => (long)Values.Value.WeightOf(piece.Length));

    /// <summary>Whether there is a wildcard.</summary>
    public bool HasWildcard => _pieces.Length > 1;

    /// <summary>
    /// Whether a text is what the pattern describes. Texts are compared character by character, without regard to culture.
    /// </summary>
    public bool Matches(string text)
    {
        ReadOnlySpan<char> rest = text;
        if (!HasWildcard)
            return rest.SequenceEqual(_pieces[0]);
        if (!rest.StartsWith(_pieces[0], StringComparison.Ordinal))
            return false;
        rest = rest[_pieces[0].Length..];

        // Each piece is taken where it first occurs: to take it later never leaves more for the rest.
        foreach (var piece in _pieces.AsSpan(1, _pieces.Length - 2))
        {
            var at = rest.IndexOf(piece, StringComparison.Ordinal);
            if (at < 0)
                return false;
            rest = rest[(at + piece.Length)..];
        }

        return rest.EndsWith(_pieces[^1], StringComparison.Ordinal);
    }

    /// <summary>
    /// How much there may be to do with a text of some length: each piece is looked for from where the one before it was found.
    /// </summary>
    internal long Steps(int length) => 1 + _pieces.Length + ((long)length * (8 + _longest) / 64);

    /// <inheritdoc/>
    public bool Equals(Pattern? other) => other is not null && _pieces.AsSpan().SequenceEqual(other._pieces);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Pattern);

    /// <inheritdoc/>
    public override int GetHashCode() => string.Join('*', _pieces).GetHashCode(StringComparison.Ordinal);

    /// <summary>As policies write it, with quotation marks: <c>"*.jpg"</c>; a star that is meant is <c>\*</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("\"");
        for (var i = 0; i < _pieces.Length; i++)
        {
            if (i > 0)
                text.Append('*');
            var escaped = new StringBuilder();
            StringLiteral.AppendEscaped(escaped, _pieces[i]);
            text.Append(escaped.Replace("*", "\\*"));
        }

        return text.Append('"').ToString();
    }

    /// <summary>Puts a pattern together.</summary>
    public sealed class Builder
    {
        private readonly List<string> _pieces = [];
        private readonly StringBuilder _piece = new();

        /// <summary>A character that stands for itself, a star too.</summary>
        public void Literal(Rune character) => _piece.Append(character.ToString());

        /// <summary>Text that stands for itself.</summary>
        public void Literal(string text) => _piece.Append(text);

        /// <summary>Any text.</summary>
        public void Wildcard()
        {
            _pieces.Add(_piece.ToString());
            _piece.Clear();
        }

        /// <summary>The pattern.</summary>
        public Pattern Build() => new([.. _pieces, _piece.ToString()]);
    }
}
