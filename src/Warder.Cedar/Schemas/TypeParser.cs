using System.Text;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>Parses types and type names in schema syntax. (Cedar documentation: "Schema grammar", Type.)</summary>
internal sealed class TypeParser(TokenReader tokens, Limits limits)
{
    private int _nesting;

    /// <summary>Parses any type. All nesting starts in this method, so it alone enforces the bound.</summary>
    public TypeSyntax? Type()
    {
        var first = tokens.Current;
        if (_nesting == Limits.Depth)
        {
            tokens.Diagnostics.Error(first.Span, SyntaxCodes.LimitExceeded, $"types may be nested at most {Limits.Depth} deep");
            return null;
        }

        _nesting++;
        var type = first.Kind == TokenKind.OpenBrace ? Record() : NamedOrSet(first);
        _nesting--;
        return type;
    }

    /// <summary>Parses <c>{name: Type, name?: Type}</c>. Of several attributes with one name, the last counts.</summary>
    public RecordTypeSyntax? Record()
    {
        var first = tokens.Current;
        if (!tokens.Expect(TokenKind.OpenBrace, "`{`"))
            return null;
        var attributes = new Dictionary<string, AttributeSyntax>(StringComparer.Ordinal);
        while (!tokens.TryTake(TokenKind.CloseBrace))
        {
            if (AnnotationParser.Annotations(tokens) is not { } annotations)
                return null;
            var token = tokens.Current;
            var name = token.Kind == TokenKind.String ? tokens.ReadString() : Word("an attribute's name or `}`");
            if (name is null)
                return null;
            var isRequired = !tokens.TryTake(TokenKind.Question);
            if (!tokens.Expect(TokenKind.Colon, isRequired ? "`:` or `?`" : "`:`") || Type() is not { } type
                || IsOneTooMany(attributes.Count, type.Span))
                return null;
            if (attributes.Remove(name))
                tokens.Diagnostics.Warning(
                    token.Span, SyntaxCodes.Duplicate, $"the attribute `{name}` occurs twice; this one counts");
            attributes.Add(name, new AttributeSyntax(name, isRequired, type, annotations));
            if (tokens.Current.Kind != TokenKind.CloseBrace && !tokens.Expect(TokenKind.Comma, "`,` or `}`"))
                return null;
        }

        return new RecordTypeSyntax(tokens.SpanFrom(first), [.. attributes.Values]);
    }

    /// <summary>Parses a qualified type name. The namespace of the built-in types is valid too.</summary>
    public NameSyntax? Path()
    {
        if (Path(out var isBeforeString) is not { } path)
            return null;
        if (!isBeforeString)
            return path;
        tokens.Unexpected("the name of a type");
        return null;
    }

    /// <summary>Parses names joined by <c>::</c>. A string may follow a further <c>::</c>.</summary>
    public NameSyntax? Path(out bool isBeforeString)
    {
        var first = tokens.Current;
        isBeforeString = false;
        string? path = null;
        StringBuilder? joined = null;
        do
        {
            isBeforeString = path is not null && tokens.Current.Kind == TokenKind.String;
            if (isBeforeString)
                break;
            if (Word("the name of a type") is not { } word)
                return null;
            if (path is null)
                path = word;
            else
                (joined ??= new StringBuilder(path)).Append("::").Append(word);
        }
        while (tokens.TryTake(TokenKind.DoubleColon));

        return new NameSyntax(joined is null ? path! : tokens.Shared(joined.ToString()), tokens.SpanFrom(first));
    }

    /// <summary>Parses an identifier that policies do not reserve. Returns null when an error was reported.</summary>
    public string? Word(string what)
    {
        if (tokens.Current.Kind == TokenKind.Identifier)
        {
            var word = tokens.Shared(tokens.CurrentText);
            tokens.Take();
            return word;
        }

        if (tokens.Current.IsWord)
            tokens.Diagnostics.Error(
                tokens.Current.Span, SyntaxCodes.ReservedWord, $"`{tokens.CurrentText}` is reserved and cannot be a name",
                "in quotation marks, attributes and actions may have any name");
        else
            tokens.Unexpected(what);
        return null;
    }

    /// <summary>Parses one name, or a list of names in brackets.</summary>
    public SyntaxList<NameSyntax>? Paths()
    {
        if (!tokens.TryTake(TokenKind.OpenBracket))
            return Path() is { } path ? [path] : null;
        if (tokens.TryTake(TokenKind.CloseBracket))
            return new SyntaxList<NameSyntax>();
        return List(Path) is { } paths && tokens.Expect(TokenKind.CloseBracket, "`,` or `]`") ? paths : null;
    }

    /// <summary>Parses one or more items with commas between them and no trailing comma.</summary>
    public SyntaxList<T>? List<T>(Func<T?> read)
        where T : class
    {
        var items = new List<T>();
        do
        {
            var first = tokens.Current;
            if (read() is not { } item || IsOneTooMany(items.Count, first.Span))
                return null;
            items.Add(item);
        }
        while (tokens.TryTake(TokenKind.Comma));

        return [.. items];
    }

    private TypeSyntax? NamedOrSet(Token first)
    {
        if (Path() is not { } path)
            return null;
        if (path.Text != "Set" || !tokens.TryTake(TokenKind.Less))
            return new NamedTypeSyntax(path.Span, path.Text, NameMeaning.Any);
        return Type() is { } element && tokens.Expect(TokenKind.Greater, "`>`") ? new SetTypeSyntax(tokens.SpanFrom(first), element) : null;
    }

    private bool IsOneTooMany(int count, SourceSpan span)
    {
        if (count < limits.Elements)
            return false;
        tokens.Diagnostics.Error(span, SyntaxCodes.LimitExceeded, $"there may be at most {limits.Elements} elements");
        return true;
    }
}
