using System.Text;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>
/// Reads a text token by token and reports errors. The policy parser and the schema parser share this class. Nothing throws: each method
/// returns null when an error was reported.
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
        (_stringsBySpan, _typesBySpan)
            = (_strings.GetAlternateLookup<ReadOnlySpan<char>>(), _types.GetAlternateLookup<ReadOnlySpan<char>>());
        Current = _lexer.Next();
    }

    public SourceText Source { get; }

    public DiagnosticBag Diagnostics { get; }

    /// <summary>The next token to read.</summary>
    public Token Current { get; private set; }

    /// <summary>The last token that was read.</summary>
    public Token Previous { get; private set; }

    /// <summary>The text of the current token, without a copy.</summary>
    public ReadOnlySpan<char> CurrentText => Current.TextIn(Source.Text);

    /// <summary>Returns the span from an earlier token to the last token that was read.</summary>
    public SourceSpan SpanFrom(Token first) => SourceSpan.Between(first.Span, Previous.Span);

    /// <summary>Advances to the next token. Returns the token before it.</summary>
    public Token Take()
    {
        Previous = Current;
        Current = _lexer.Next();
        return Previous;
    }

    /// <summary>Advances if the current token has this kind.</summary>
    public bool TryTake(TokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Take();
        return true;
    }

    /// <summary>Advances if the current token has this kind; otherwise reports an error.</summary>
    public bool Expect(TokenKind kind, string what)
    {
        if (TryTake(kind))
            return true;
        Unexpected(what);
        return false;
    }

    /// <summary>Reports that the current token is unexpected.</summary>
    public void Unexpected(string expected, string? help = null)
    {
        if (Current.Kind == TokenKind.Invalid)
            return;
        var (code, found) = Current.Kind == TokenKind.EndOfText
            ? (SyntaxCodes.UnexpectedEnd, "the end of the text")
            : (SyntaxCodes.UnexpectedToken, $"`{CurrentText}`");
        Diagnostics.Error(Current.Span, code, $"{expected} is expected, not {found}", help);
    }

    /// <summary>Returns a string for a part of the source. Equal parts share one string.</summary>
    public string Shared(ReadOnlySpan<char> text)
    {
        if (!_stringsBySpan.TryGetValue(text, out var shared))
            _strings.Add(shared = text.ToString(), shared);
        return shared;
    }

    /// <summary>Reads the content of a string. Returns null when an error was reported.</summary>
    public string? ReadString()
    {
        var token = Take();
        return StringLiteral.Read(Source.Text, token, Diagnostics) is { } text ? Shared(text) : null;
    }

    /// <summary>
    /// Reads the id of an entity whose type was read as a path. Returns null when an error was reported. Equal uids share one object, so
    /// that decisions touch less memory.
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

    /// <summary>Reads a name. Returns null when the current token is no name, which is reported.</summary>
    public string? ReadName(string what)
    {
        if (!CheckName(what))
            return null;
        var name = Shared(CurrentText);
        Take();
        return name;
    }

    /// <summary>
    /// Reads names joined by <c>::</c>, and returns them as one text without white space. Returns null when an error was reported. A
    /// string may follow a further <c>::</c>.
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

            // The source nearly always contains the path without white space. Otherwise one builder joins it: a path may have very many
            // names.
            if (joined is null && end > first.Start && name.Start != end + 2)
                joined = new StringBuilder().Append(Source.Text, first.Start, end - first.Start);
            joined?.Append("::").Append(name.TextIn(Source.Text));
            end = name.End;
        }
        while (TryTake(TokenKind.DoubleColon));

        return Shared(joined is null ? Source.Text.AsSpan(first.Start, end - first.Start) : joined.ToString());
    }

    /// <summary>Reads the type after <c>is</c>. Returns null when an error was reported.</summary>
    public EntityTypeName? ReadType()
    {
        if (ReadPath("an entity type", out var isBeforeString) is not { } path)
            return null;
        if (!isBeforeString)
            return TypeOf(path);
        Diagnostics.Error(
            Current.Span, SyntaxCodes.UnexpectedToken, "an entity type is expected, not an entity",
            "write a type after `is`: `is User`");
        return null;
    }

    /// <summary>Returns the type name for a path. Equal paths share one object.</summary>
    public EntityTypeName TypeOf(string path)
    {
        if (!_typesBySpan.TryGetValue(path, out var type))
            _types.Add(path, type = new EntityTypeName(path));
        return type;
    }

    /// <summary>Checks that the current token is a name, and reports an error otherwise.</summary>
    private bool CheckName(string what)
    {
        if (Current.Kind == TokenKind.Identifier && !CurrentText.SequenceEqual(Identifiers.OwnNamespace))
            return true;
        if (Current.IsWord)
            Diagnostics.Error(Current.Span, SyntaxCodes.ReservedWord, $"`{CurrentText}` is reserved and cannot be a name");
        else
            Unexpected(what);
        return false;
    }

    /// <summary>Advances past the next token of a kind, or to the end of the text.</summary>
    public void SkipBehind(TokenKind kind)
    {
        while (Current.Kind != TokenKind.EndOfText)
        {
            if (Take().Kind == kind)
                return;
        }
    }

    // The uid of an entity whose id is still part of the source text.
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
