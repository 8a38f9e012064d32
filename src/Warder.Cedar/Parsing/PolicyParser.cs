using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>
/// Parses policies and templates by recursive descent. Nesting is bounded, so that no text overflows the stack. After an error the parser
/// continues with the next policy, until the maximum number of errors is reached. (Cedar documentation: "Grammar".)
/// </summary>
internal sealed class PolicyParser
{
    private static readonly string[] Effects = ["permit", "forbid"];
    private static readonly string[] ConditionWords = ["when", "unless"];

    private readonly TokenReader _tokens;
    private readonly ScopeParser _scopes;
    private readonly ExpressionParser _expressions;
    private readonly Limits _limits;

    private PolicyParser(SourceText source, Limits limits, DiagnosticBag diagnostics)
    {
        _limits = limits;
        _tokens = new TokenReader(source, diagnostics);
        _scopes = new ScopeParser(_tokens, limits);
        _expressions = new ExpressionParser(_tokens, limits);
    }

    /// <summary>Parses all policies of a text. Returns no policies when there are errors.</summary>
    public static (List<PolicySyntax> Policies, IReadOnlyList<Diagnostic> Errors) ParseAll(SourceText source, Limits limits)
    {
        var diagnostics = new DiagnosticBag(source, limits.Errors);
        if (source.Text.Length > limits.TextLength)
        {
            diagnostics.Error(
                default, SyntaxCodes.LimitExceeded, $"the text has {source.Text.Length} characters, and {limits.TextLength} are permitted");
            return ([], diagnostics.Found);
        }

        var policies = new PolicyParser(source, limits, diagnostics).Policies();
        return (diagnostics.HasErrors ? [] : policies, diagnostics.Found);
    }

    private List<PolicySyntax> Policies()
    {
        var policies = new List<PolicySyntax>();
        while (_tokens.Current.Kind != TokenKind.EndOfText && !_tokens.Diagnostics.IsFull)
        {
            var first = _tokens.Current;
            if (Policy() is { } policy)
                policies.Add(policy);
            else
                _tokens.SkipBehind(TokenKind.Semicolon);
            if (policies.Count > _limits.Policies)
            {
                _tokens.Diagnostics.Error(
                    first.Span, SyntaxCodes.LimitExceeded, $"a text may have at most {_limits.Policies} policies");
                break;
            }
        }

        return policies;
    }

    private PolicySyntax? Policy()
    {
        var first = _tokens.Current;
        if (AnnotationParser.Annotations(_tokens) is not { } annotations || Effect() is not { } effect
            || !_tokens.Expect(TokenKind.OpenParenthesis, "`(`")
            || _scopes.Entity("principal", "?principal") is not { } principal || !_scopes.Separator("action")
            || _scopes.Action() is not { } action || !_scopes.Separator("resource")
            || _scopes.Entity("resource", "?resource") is not { } resource || !_scopes.End() || Conditions() is not { } conditions
            || !_tokens.Expect(TokenKind.Semicolon, "`;`, `when` or `unless`"))
            return null;
        return new PolicySyntax(effect, annotations, principal, action, resource, conditions)
        {
            Source = _tokens.Source, Span = _tokens.SpanFrom(first),
        };
    }

    private Effect? Effect()
    {
        Effect? effect = _tokens.CurrentText switch
        {
            "permit" => Syntax.Effect.Permit,
            "forbid" => Syntax.Effect.Forbid,
            _ => null,
        };
        if (effect is not null)
            _tokens.Take();
        else
            _tokens.Unexpected("`permit` or `forbid`", HelpWithWord(Effects));
        return effect;
    }

    private string? HelpWithWord(string[] words) => _tokens.Current.IsWord ? Spelling.Help(_tokens.CurrentText.ToString(), words) : null;

    private SyntaxList<Condition>? Conditions()
    {
        if (_tokens.Current.Kind == TokenKind.Semicolon)
            return new SyntaxList<Condition>();
        var conditions = new List<Condition>();
        while (_tokens.Current.IsWord)
        {
            ConditionKind? kind = _tokens.CurrentText switch
            {
                "when" => ConditionKind.When,
                "unless" => ConditionKind.Unless,
                _ => null,
            };
            if (kind is null)
            {
                _tokens.Unexpected("`when`, `unless` or `;`", HelpWithWord(ConditionWords));
                return null;
            }

            var first = _tokens.Take();
            if (!_tokens.Expect(TokenKind.OpenBrace, "`{`") || _expressions.Expression() is not { } body
                || !_tokens.Expect(TokenKind.CloseBrace, "`}` or an operator"))
                return null;
            conditions.Add(new Condition(kind.Value, body) { Span = _tokens.SpanFrom(first) });
        }

        return [.. conditions];
    }
}
