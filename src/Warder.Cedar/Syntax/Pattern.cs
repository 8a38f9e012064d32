using System.Text;
using Warder.Cedar.Parsing;

namespace Warder.Cedar.Syntax;

/// <summary>
/// The pattern of <c>like</c>: literal pieces with wildcards between them. A wildcard matches any text, including empty text. There is one
/// more piece than wildcards; any piece may be empty.
/// </summary>
public sealed class Pattern : IEquatable<Pattern>
{
    private readonly string[] _pieces;
    private readonly int _longest;

    private Pattern(string[] pieces) => (_pieces, _longest) = (pieces, pieces.Max(piece => piece.Length));

    /// <summary>The literal pieces before, between and after the wildcards.</summary>
    public IReadOnlyList<string> Pieces => _pieces;

    /// <summary>The size of the pattern in evaluation steps: its pieces and their text.</summary>
    internal long Size => _pieces.Sum(piece => (long)Values.Value.WeightOf(piece.Length));

    /// <summary>Whether the pattern has a wildcard.</summary>
    public bool HasWildcard => _pieces.Length > 1;

    /// <summary>
    /// Whether a text matches the pattern. The comparison is by UTF-16 unit and culture-independent.
    /// </summary>
    public bool Matches(string text)
    {
        ReadOnlySpan<char> rest = text;
        if (!HasWildcard)
            return rest.SequenceEqual(_pieces[0]);
        if (!rest.StartsWith(_pieces[0], StringComparison.Ordinal))
            return false;
        rest = rest[_pieces[0].Length..];

        // Each piece matches at its first occurrence: a later match never leaves more text for the remaining pieces.
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
    /// Computes an upper bound on the evaluation steps of matching a text. The search for each piece starts where the previous piece ended.
    /// </summary>
    internal long Steps(int length) => 1 + _pieces.Length + ((long)length * (8 + _longest) / 64);

    /// <inheritdoc/>
    public bool Equals(Pattern? other) => other is not null && _pieces.AsSpan().SequenceEqual(other._pieces);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Pattern);

    /// <inheritdoc/>
    public override int GetHashCode() => string.Join('*', _pieces).GetHashCode(StringComparison.Ordinal);

    /// <summary>Formats the pattern in policy syntax, with quotation marks: <c>"*.jpg"</c>. A literal star is <c>\*</c>.</summary>
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

    /// <summary>Builds a pattern.</summary>
    public sealed class Builder
    {
        private readonly List<string> _pieces = [];
        private readonly StringBuilder _piece = new();

        /// <summary>Appends a literal character. A star is literal too.</summary>
        public void Literal(Rune character) => _piece.Append(character.ToString());

        /// <summary>Appends literal text.</summary>
        public void Literal(string text) => _piece.Append(text);

        /// <summary>Appends a wildcard.</summary>
        public void Wildcard()
        {
            _pieces.Add(_piece.ToString());
            _piece.Clear();
        }

        /// <summary>Creates the pattern.</summary>
        public Pattern Build() => new([.. _pieces, _piece.ToString()]);
    }
}
