using System.Text;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>
/// Looks at a text one token at a time, and says what is wrong with one. What the policies' parser and the schemas' have in common. Nothing
/// throws: what could not be read is null, and was reported.
/// </summary>
internal sealed class TokenReader
{
    private readonly Dictionary<string, string> _strings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EntityTypeName> _types = new(StringComparer.Ordinal);
    private readonly HashSet<EntityUid> _uids = new(UidComparer.Instance);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _stringsBySpan;
    private readonly Dictionary<string, EntityTypeName>.AlternateLookup<ReadOnlySpan<char>> _typesBySpan;
    private Lexer _lexer;

    public TokenReader(SourceText source, DiagnosticBag diagnostics)
    {
        (Source, Diagnostics, _lexer) = (source, diagnostics, new Lexer(source, diagnostics));
        (_stringsBySpan, _typesBySpan) = (_strings.GetAlternateLookup<ReadOnlySpan<char>>(), _types.GetAlternateLookup<ReadOnlySpan<char>>());
        Current = _lexer.Next();
    }

    public SourceText Source { get; }

    public DiagnosticBag Diagnostics { get; }

    /// <summary>The token that is read next.</summary>
    public Token Current { get; private set; }

    /// <summary>The token that was read last.</summary>
    public Token Previous { get; private set; }

    /// <summary>The current token's text; the words of the language are not copied.</summary>
    public ReadOnlySpan<char> CurrentText => Current.TextIn(Source.Text);

    /// <summary>From a token that was current once to the one that was read last.</summary>
    public SourceSpan SpanFrom(Token first) => SourceSpan.Between(first.Span, Previous.Span);

    /// <summary>Goes on to the next token, and returns this one.</summary>
    public Token Take()
    {
        Previous = Current;
        Current = _lexer.Next();
        return Previous;
    }

    /// <summary>Goes on if the token is of this kind.</summary>
    public bool TryTake(TokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Take();
        return true;
    }

    /// <summary>Goes on if the token is of this kind, and reports it if it is not.</summary>
    public bool Expect(TokenKind kind, string what)
    {
        if (TryTake(kind))
            return true;
        Unexpected(what);
        return false;
    }

    /// <summary>Reports the current token, where something else belongs.</summary>
    public void Unexpected(string expected, string? help = null)
    {
        if (Current.Kind == TokenKind.Invalid)
            return;
        var (code, found) = Current.Kind == TokenKind.EndOfText
            ? (SyntaxCodes.UnexpectedEnd, "the text ends")
            : (SyntaxCodes.UnexpectedToken, $"`{CurrentText}` stands");
        Diagnostics.Error(Current.Span, code, $"{found} where {expected} is expected", help);
    }

    /// <summary>Text of the source, which one string serves however often it is there.</summary>
    public string Shared(ReadOnlySpan<char> text)
    {
        if (!_stringsBySpan.TryGetValue(text, out var shared))
            _strings.Add(shared = text.ToString(), shared);
        return shared;
    }

    /// <summary>A string's content; null when it was reported.</summary>
    public string? ReadString()
    {
        var token = Take();
        return StringLiteral.Read(Source.Text, token, Diagnostics) is { } text ? Shared(text) : null;
    }

    /// <summary>
    /// The name of an entity, whose type was read as a path and whose id is next; null when it was reported. One object serves for each,
    /// which keeps what decisions touch small.
    /// </summary>
    public EntityUid? ReadUid(string path)
    {
        var token = Take();
        var type = TypeOf(path);
        if (StringLiteral.IsPlain(StringLiteral.BodyOf(Source.Text, token)))
        {
            var known = new UidText(type, StringLiteral.BodyOf(Source.Text, token));
            if (_uids.GetAlternateLookup<UidText>().TryGetValue(known, out var shared))
                return shared;
        }

        if (StringLiteral.Read(Source.Text, token, Diagnostics) is not { } id)
            return null;
        var uid = new EntityUid(type, id);
        return _uids.Add(uid) ? uid : _uids.TryGetValue(uid, out var same) ? same : uid;
    }

    /// <summary>A word that may be a name; null when it is none, which was reported.</summary>
    public string? ReadName(string what)
    {
        if (!CheckName(what))
            return null;
        var name = Shared(CurrentText);
        Take();
        return name;
    }

    /// <summary>
    /// Names joined by <c>::</c>, as one text without blanks; null when it was reported. A string may follow behind another <c>::</c>.
    /// </summary>
    public string? ReadPath(string what, out bool isBeforeString)
    {
        var (first, end) = (Current, Current.Start);
        isBeforeString = false;
        StringBuilder? joined = null;
        do
        {
            isBeforeString = end > first.Start && Current.Kind == TokenKind.String;
            if (isBeforeString)
                break;
            if (!CheckName(what))
                return null;
            var name = Take();

            // Nearly always the path stands in the text as it is. It is put together once: a path may have very many names.
            if (joined is null && end > first.Start && name.Start != end + 2)
                joined = new StringBuilder().Append(Source.Text, first.Start, end - first.Start);
            joined?.Append("::").Append(name.TextIn(Source.Text));
            end = name.End;
        }
        while (TryTake(TokenKind.DoubleColon));

        return Shared(joined is null ? Source.Text.AsSpan(first.Start, end - first.Start) : joined.ToString());
    }

    /// <summary>The type that stands behind <c>is</c>; null when it was reported.</summary>
    public EntityTypeName? ReadType()
    {
        if (ReadPath("an entity type", out var isBeforeString) is not { } path)
            return null;
        if (!isBeforeString)
            return TypeOf(path);
        Diagnostics.Error(Current.Span, SyntaxCodes.UnexpectedToken, "an id stands where the name of a type ends", "behind `is` stands a type: `is User`");
        return null;
    }

    /// <summary>The name of a type that was read as a path.</summary>
    public EntityTypeName TypeOf(string path)
    {
        if (!_typesBySpan.TryGetValue(path, out var type))
            _types.Add(path, type = new EntityTypeName(path));
        return type;
    }

    /// <summary>Reports a word that cannot be a name where one belongs.</summary>
    private bool CheckName(string what)
    {
        if (Current.Kind == TokenKind.Identifier && !CurrentText.SequenceEqual(Identifiers.OwnNamespace))
            return true;
        if (Current.IsWord)
            Diagnostics.Error(Current.Span, SyntaxCodes.ReservedWord, $"`{CurrentText}` is a reserved word, and no name");
        else
            Unexpected(what);
        return false;
    }

    /// <summary>Goes on behind the next token of a kind, or to the end of the text.</summary>
    public void SkipBehind(TokenKind kind)
    {
        while (Current.Kind != TokenKind.EndOfText)
        {
            if (Take().Kind == kind)
                return;
        }
    }

    // An entity's name whose id still stands in the text.
    private readonly ref struct UidText(EntityTypeName type, ReadOnlySpan<char> id)
    {
        public EntityTypeName Type { get; } = type;

        public ReadOnlySpan<char> Id { get; } = id;
    }

    private sealed class UidComparer : IEqualityComparer<EntityUid>, IAlternateEqualityComparer<UidText, EntityUid>
    {
        public static readonly UidComparer Instance = new();

        public bool Equals(EntityUid? x, EntityUid? y) => x == y;

        public int GetHashCode(EntityUid obj) => obj.GetHashCode();

        public bool Equals(UidText alternate, EntityUid other) => alternate.Type == other.Type && alternate.Id.SequenceEqual(other.Id);

        public int GetHashCode(UidText alternate) => EntityUid.HashOf(alternate.Type, alternate.Id);

        public EntityUid Create(UidText alternate) => new(alternate.Type, alternate.Id.ToString());
    }
}
