using Warder.Cedar.Diagnostics;
using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>
/// Parses schemas in Cedar's syntax. After an error the parser continues with the next declaration, until the maximum number of errors is
/// reached. (Cedar documentation: "Schema grammar".)
/// </summary>
internal sealed class SchemaParser
{
    private static readonly string[] Declarations = ["entity", "action", "type", "namespace"];
    private static readonly string[] Targets = ["principal", "resource", "context"];

    private readonly Dictionary<string, NamespaceSyntax> _namespaces = new(StringComparer.Ordinal) { [""] = new NamespaceSyntax("") };
    private readonly TokenReader _tokens;
    private readonly TypeParser _types;
    private readonly Limits _limits;
    private int _declarations;

    private SchemaParser(TokenReader tokens, Limits limits)
        => (_tokens, _types, _limits) = (tokens, new TypeParser(tokens, limits), limits);

    /// <summary>Parses the declarations of a text. The result is meaningless when an error was reported.</summary>
    public static IReadOnlyCollection<NamespaceSyntax> ParseAll(SourceText source, Limits limits, DiagnosticBag diagnostics)
    {
        if (source.Text.Length > limits.TextLength)
        {
            diagnostics.Error(
                default, SyntaxCodes.LimitExceeded, $"the text has {source.Text.Length} characters, and {limits.TextLength} are permitted");
            return [];
        }

        var parser = new SchemaParser(new TokenReader(source, diagnostics), limits);
        parser.Namespaces();
        return [.. parser._namespaces.Values.Where(it => it.Name.Length > 0 || !it.IsEmpty)];
    }

    private void Namespaces()
    {
        while (_tokens.Current.Kind != TokenKind.EndOfText && !_tokens.Diagnostics.IsFull)
        {
            if (AnnotationParser.Annotations(_tokens) is not { } annotations)
                _tokens.SkipBehind(TokenKind.Semicolon);
            else if (_tokens.CurrentText.SequenceEqual("namespace"))
                Namespace(annotations);
            else
                DeclareOrSkip(_namespaces[""], annotations, Declarations);
        }
    }

    private void Namespace(SyntaxList<Annotation> annotations)
    {
        _tokens.Take();
        var first = _tokens.Current;
        if (_tokens.ReadPath("the name of a namespace", out var isBeforeString) is not { } name || isBeforeString
            || !_tokens.Expect(TokenKind.OpenBrace, "`{`"))
        {
            if (isBeforeString)
                _tokens.Unexpected("`{`");
            _tokens.SkipBehind(TokenKind.CloseBrace);
            return;
        }

        if (name.Length > _limits.NamespaceLength)
        {
            _tokens.Diagnostics.Error(
                _tokens.SpanFrom(first), SyntaxCodes.LimitExceeded,
                $"the name of a namespace may have at most {_limits.NamespaceLength} characters");
            _tokens.SkipBehind(TokenKind.EndOfText);
            return;
        }

        var space = new NamespaceSyntax(name) { Annotations = annotations };
        if (!_namespaces.TryAdd(name, space))
        {
            _tokens.Diagnostics.Error(
                _tokens.SpanFrom(first), SyntaxCodes.Duplicate, $"the namespace `{name}` occurs twice",
                "write all declarations of the namespace in one block");
        }

        while (!_tokens.TryTake(TokenKind.CloseBrace))
        {
            if (_tokens.Current.Kind == TokenKind.EndOfText || _tokens.Diagnostics.IsFull)
            {
                _tokens.Unexpected("`}`");
                return;
            }

            if (AnnotationParser.Annotations(_tokens) is { } inner)
                DeclareOrSkip(space, inner, Declarations.AsSpan(0, 3));
            else
                _tokens.SkipBehind(TokenKind.Semicolon);
        }
    }

    private void DeclareOrSkip(NamespaceSyntax space, SyntaxList<Annotation> annotations, ReadOnlySpan<string> expected)
    {
        var first = _tokens.Current;
        var isRead = _tokens.CurrentText switch
        {
            "entity" => EntityTypes(space, annotations),
            "action" => Actions(space, annotations),
            "type" => CommonType(space, annotations),
            _ => Unexpected(expected.ToArray()),
        };
        if (isRead && _declarations > _limits.Declarations)
        {
            _tokens.Diagnostics.Error(
                first.Span, SyntaxCodes.LimitExceeded, $"a schema may have at most {_limits.Declarations} declarations");
            _tokens.SkipBehind(TokenKind.EndOfText);
        }

        if (!isRead || !_tokens.Expect(TokenKind.Semicolon, "`;`"))
            _tokens.SkipBehind(TokenKind.Semicolon);
    }

    private bool Unexpected(string[] words)
    {
        var help = _tokens.Current.IsWord ? Spelling.Help(_tokens.CurrentText.ToString(), words) : null;
        _tokens.Unexpected(string.Join(", ", words[..^1].Select(word => $"`{word}`")) + $" or `{words[^1]}`", help);
        return false;
    }

    private NameSyntax? Name(string what)
    {
        var token = _tokens.Current;
        return _tokens.ReadName(what) is { } name ? new NameSyntax(name, token.Span) : null;
    }

    private bool CommonType(NamespaceSyntax space, SyntaxList<Annotation> annotations)
    {
        _tokens.Take();
        if (Name("the name of a type") is not { } name || !_tokens.Expect(TokenKind.Assign, "`=`") || _types.Type() is not { } type)
            return false;
        space.CommonTypes.Add(new CommonTypeSyntax(name, annotations, type));
        _declarations++;
        return true;
    }

    private bool EntityTypes(NamespaceSyntax space, SyntaxList<Annotation> annotations)
    {
        _tokens.Take();
        if (_types.List(() => Name("the name of an entity type")) is not { } names)
            return false;
        var declared = new EntityTypeSyntax(names[0], annotations);
        if (_tokens.CurrentText.SequenceEqual("enum"))
        {
            _tokens.Take();
            if (!_tokens.Expect(TokenKind.OpenBracket, "`[`") || _types.List(Id) is not { } ids
                || !_tokens.Expect(TokenKind.CloseBracket, "`,` or `]`"))
                return false;
            declared = declared with { Ids = ids };
        }
        else if (Standard(declared) is { } standard)
        {
            declared = standard;
        }
        else
        {
            return false;
        }

        space.EntityTypes.AddRange(names.Select(name => declared with { Name = name }));
        _declarations += names.Count;
        return true;
    }

    private EntityTypeSyntax? Standard(EntityTypeSyntax declared)
    {
        SyntaxList<NameSyntax>? memberOf = default(SyntaxList<NameSyntax>);
        if (_tokens.TryTake(TokenKind.In) && (memberOf = _types.Paths()) is null)
            return null;
        RecordTypeSyntax? shape = null;
        if ((_tokens.TryTake(TokenKind.Assign) || _tokens.Current.Kind == TokenKind.OpenBrace) && (shape = _types.Record()) is null)
            return null;
        TypeSyntax? tags = null;
        if (_tokens.CurrentText.SequenceEqual("tags"))
        {
            _tokens.Take();
            if ((tags = _types.Type()) is null)
                return null;
        }

        return declared with { MemberOf = memberOf.Value, Shape = shape, Tags = tags };
    }

    private string? Id()
    {
        if (_tokens.Current.Kind == TokenKind.String)
            return _tokens.ReadString();
        _tokens.Unexpected("an id in quotation marks");
        return null;
    }

    private bool Actions(NamespaceSyntax space, SyntaxList<Annotation> annotations)
    {
        _tokens.Take();
        if (_types.List(ActionName) is not { } names)
            return false;
        var declared = new ActionSyntax(names[0], annotations);
        if (_tokens.TryTake(TokenKind.In))
        {
            var isList = _tokens.TryTake(TokenKind.OpenBracket);
            if ((isList ? _types.List(Parent) : Parent() is { } one ? [one] : null) is not { } parents
                || (isList && !_tokens.Expect(TokenKind.CloseBracket, "`,` or `]`")))
                return false;
            declared = declared with { MemberOf = parents };
        }

        if (_tokens.CurrentText.SequenceEqual("appliesTo"))
        {
            _tokens.Take();
            if (AppliesTo(declared) is not { } applied)
                return false;
            declared = applied;
        }

        if (_tokens.CurrentText.SequenceEqual("attributes") && !NoAttributes())
            return false;
        space.Actions.AddRange(names.Select(name => declared with { Name = name }));
        _declarations += names.Count;
        return true;
    }

    private bool NoAttributes()
    {
        _tokens.Take();
        return _tokens.Expect(TokenKind.OpenBrace, "`{`") && _tokens.Expect(TokenKind.CloseBrace, "`}`, as actions have no attributes,");
    }

    private NameSyntax? ActionName()
    {
        var token = _tokens.Current;
        return (token.Kind == TokenKind.String ? _tokens.ReadString() : _types.Word("the name of an action")) is { } id
            ? new NameSyntax(id, token.Span)
            : null;
    }

    // Reads an id, or a type with an id in quotation marks.
    private ActionNameSyntax? Parent()
    {
        var first = _tokens.Current;
        if (first.Kind == TokenKind.String)
            return _tokens.ReadString() is { } alone ? new ActionNameSyntax(null, alone, first.Span) : null;
        if (_types.Path(out var isBeforeString) is not { } path)
            return null;
        if (isBeforeString)
            return _tokens.ReadString() is { } id ? new ActionNameSyntax(path.Text, id, _tokens.SpanFrom(first)) : null;
        if (!path.Text.Contains(':'))
            return new ActionNameSyntax(null, path.Text, first.Span);
        _tokens.Unexpected("`::` and an id in quotation marks");
        return null;
    }

    private ActionSyntax? AppliesTo(ActionSyntax declared)
    {
        if (!_tokens.Expect(TokenKind.OpenBrace, "`{`"))
            return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            var target = _tokens.Current;
            var word = _tokens.CurrentText.ToString();
            if (Array.IndexOf(Targets, word) < 0)
            {
                Unexpected(Targets);
                return null;
            }

            _tokens.Take();
            if (!seen.Add(word))
            {
                _tokens.Diagnostics.Error(target.Span, SyntaxCodes.Duplicate, $"`{word}` occurs twice", "write all types in one list");
                return null;
            }

            if (!_tokens.Expect(TokenKind.Colon, "`:`")
                || (word == "context" ? Context(declared) : Target(declared, word)) is not { } changed)
                return null;
            declared = changed;
            if (_tokens.Current.Kind != TokenKind.CloseBrace && !_tokens.Expect(TokenKind.Comma, "`,` or `}`"))
                return null;
        }
        while (!_tokens.TryTake(TokenKind.CloseBrace));

        foreach (var word in Targets.AsSpan(0, 2))
        {
            if (seen.Contains(word))
                continue;
            _tokens.Diagnostics.Error(
                _tokens.Previous.Span, SyntaxCodes.InvalidShape, $"`{declared.Name.Text}` has no `{word}`",
                "`appliesTo` needs both `principal` and `resource`");
            return null;
        }

        return declared;
    }

    private ActionSyntax? Context(ActionSyntax declared)
    {
        if (_tokens.Current.Kind == TokenKind.OpenBrace)
            return _types.Record() is { } record ? declared with { Context = record } : null;
        return _types.Path() is { } path
            ? declared with { Context = new NamedTypeSyntax(path.Span, path.Text, NameMeaning.CommonType) }
            : null;
    }

    private ActionSyntax? Target(ActionSyntax declared, string word)
    {
        var first = _tokens.Current;
        if (_types.Paths() is not { } types)
            return null;
        if (types.Count > 0)
            return word == "principal" ? declared with { Principals = types } : declared with { Resources = types };
        _tokens.Diagnostics.Error(
            _tokens.SpanFrom(first), SyntaxCodes.InvalidShape, $"the list of `{word}` is empty",
            "an action without `appliesTo` applies to nothing");
        return null;
    }
}
