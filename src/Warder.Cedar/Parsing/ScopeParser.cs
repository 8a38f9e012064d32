using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>Parses the three parts of a policy's scope. (Cedar documentation: "Basic policy construction", Scope.)</summary>
internal sealed class ScopeParser(TokenReader tokens, Limits limits)
{
    private const string ElseStandsBehind = "write further conditions after the scope: `when { … }`";
    private static readonly string[] Operators = ["is", "in"];

    /// <summary>Parses <c>principal</c> or <c>resource</c> with its constraint.</summary>
    public EntityScope? Entity(string variable, string slot)
    {
        var first = tokens.Current;
        if (!Variable(variable))
            return null;
        EntityTypeName? type = null;
        if (tokens.TryTake(TokenKind.Is) && (type = tokens.ReadType()) is null)
            return null;
        ScopeOperator? constraint = tokens.Current.Kind switch
        {
            TokenKind.Equal when type is null => ScopeOperator.Equal,
            TokenKind.In => type is null ? ScopeOperator.In : ScopeOperator.IsIn,
            TokenKind.Comma or TokenKind.CloseParenthesis => type is null ? ScopeOperator.Any : ScopeOperator.Is,
            _ => null,
        };
        if (constraint is null)
        {
            InvalidOperator(type is null ? "`==`, `in` or `is`" : "`in`");
            return null;
        }

        if (constraint is ScopeOperator.Any or ScopeOperator.Is)
            return new EntityScope(constraint.Value, type, null, false) { Span = tokens.SpanFrom(first) };
        tokens.Take();
        return Target(slot) is var (entity, isSlot)
            ? new EntityScope(constraint.Value, type, entity, isSlot) { Span = tokens.SpanFrom(first) }
            : null;
    }

    /// <summary>Parses <c>action</c> with its constraint. Each entity of the constraint must be an action.</summary>
    public ActionScope? Action()
    {
        var first = tokens.Current;
        if (!Variable("action"))
            return null;
        if (tokens.Current.Kind is TokenKind.Comma or TokenKind.CloseParenthesis)
            return new ActionScope(ScopeOperator.Any, default) { Span = tokens.SpanFrom(first) };
        if (tokens.TryTake(TokenKind.Equal))
            return ActionUid() is { } uid ? new ActionScope(ScopeOperator.Equal, [uid]) { Span = tokens.SpanFrom(first) } : null;
        if (!tokens.TryTake(TokenKind.In))
        {
            InvalidOperator("`==` or `in`");
            return null;
        }

        // Parentheses are valid around the list and around each of its actions.
        var open = OpenParentheses();
        SyntaxList<EntityUid>? entities = tokens.Current.Kind == TokenKind.OpenBracket ? Actions() : ActionUid() is { } one ? [one] : null;
        return entities is not null && CloseParentheses(open)
            ? new ActionScope(ScopeOperator.In, entities.Value) { Span = tokens.SpanFrom(first) }
            : null;
    }

    /// <summary>Parses the comma between two parts.</summary>
    public bool Separator(string next)
    {
        if (tokens.Current.Kind != TokenKind.CloseParenthesis)
            return tokens.Expect(TokenKind.Comma, "`,`");
        Missing(next);
        return false;
    }

    /// <summary>Parses the end of the scope, with an optional trailing comma.</summary>
    public bool End()
    {
        var hasComma = tokens.TryTake(TokenKind.Comma);
        if (!hasComma || !tokens.Current.IsWord)
            return tokens.Expect(TokenKind.CloseParenthesis, hasComma ? "`)`" : "`,` or `)`");
        tokens.Diagnostics.Error(
            tokens.Current.Span, SyntaxCodes.InvalidScope, $"the scope ends after `resource`, and `{tokens.CurrentText}` follows",
            ElseStandsBehind);
        return false;
    }

    private bool Variable(string name)
    {
        if (tokens.CurrentText.SequenceEqual(name))
        {
            tokens.Take();
            if (tokens.Current.Kind != TokenKind.Colon)
                return true;
            tokens.Unexpected("an operator", "test the type with `is`");
        }
        else if (tokens.Current.Kind == TokenKind.CloseParenthesis)
        {
            Missing(name);
        }
        else
        {
            tokens.Unexpected($"`{name}`", tokens.Current.IsWord ? Spelling.Help(tokens.CurrentText.ToString(), [name]) : null);
        }

        return false;
    }

    private void Missing(string part) => tokens.Diagnostics.Error(
        tokens.Current.Span, SyntaxCodes.InvalidScope, $"the scope has no `{part}`",
        "a scope is `(principal, action, resource)`, each part with or without a constraint");

    private void InvalidOperator(string expected)
    {
        var help = tokens.Current.Kind switch
        {
            TokenKind.Assign => "equality is written `==`",
            TokenKind.Is => "the type of an action cannot be tested",
            TokenKind.Equal => "`is` can be followed only by `in`",
            TokenKind.Identifier => Spelling.Help(tokens.CurrentText.ToString(), Operators),
            _ => ElseStandsBehind,
        };
        tokens.Unexpected($"{expected}, `,` or `)`", help);
    }

    private (EntityUid? Entity, bool IsSlot)? Target(string slot)
    {
        var open = OpenParentheses();
        (EntityUid?, bool)? target = null;
        if (tokens.Current.Kind == TokenKind.Slot && tokens.CurrentText.SequenceEqual(slot))
        {
            tokens.Take();
            target = (null, true);
        }
        else if (tokens.Current.Kind == TokenKind.Slot)
        {
            tokens.Diagnostics.Error(
                tokens.Current.Span, SyntaxCodes.InvalidSlot, $"`{tokens.CurrentText}` is not valid here", $"the slot here is `{slot}`");
        }
        else if (Uid("one entity") is { } uid)
        {
            target = (uid, false);
        }

        return target is not null && CloseParentheses(open) ? target : null;
    }

    private EntityUid? Uid(string what)
    {
        if (!tokens.Current.IsWord)
        {
            tokens.Unexpected($"{what}, such as `User::\"alice\"`,");
            return null;
        }

        if (tokens.ReadPath("an entity type", out var isBeforeString) is not { } path)
            return null;
        if (isBeforeString)
            return tokens.ReadUid(path);
        tokens.Unexpected("`::` and an id in quotation marks");
        return null;
    }

    private EntityUid? ActionUid()
    {
        var open = OpenParentheses();
        var first = tokens.Current;
        if (first.Kind == TokenKind.Slot)
        {
            tokens.Diagnostics.Error(
                first.Span, SyntaxCodes.InvalidSlot, "actions have no slot", "only the principal and the resource can have slots");
            return null;
        }

        if (Uid("an action") is not { } uid)
            return null;
        if (uid.Type.IsAction)
            return CloseParentheses(open) ? uid : null;
        tokens.Diagnostics.Error(
            tokens.SpanFrom(first), SyntaxCodes.InvalidScope, $"`{uid}` is no action",
            "the type of an action is `Action`, in any namespace");
        return null;
    }

    private SyntaxList<EntityUid>? Actions()
    {
        tokens.Take();
        var actions = new List<EntityUid>();
        while (tokens.Current.Kind != TokenKind.CloseBracket)
        {
            if (ActionUid() is not { } uid)
                return null;
            actions.Add(uid);
            if (actions.Count > limits.Elements)
            {
                tokens.Diagnostics.Error(
                    tokens.Previous.Span, SyntaxCodes.LimitExceeded, $"a list may have at most {limits.Elements} actions");
                return null;
            }

            if (tokens.Current.Kind != TokenKind.CloseBracket && !tokens.Expect(TokenKind.Comma, "`,` or `]`"))
                return null;
        }

        tokens.Take();
        return [.. actions];
    }

    // Parentheses around an entity have no meaning. Nothing nests in them, so a counter suffices.
    private int OpenParentheses()
    {
        var open = 0;
        while (tokens.TryTake(TokenKind.OpenParenthesis))
            open++;
        return open;
    }

    private bool CloseParentheses(int open)
    {
        for (; open > 0; open--)
        {
            if (!tokens.Expect(TokenKind.CloseParenthesis, "`)`"))
                return false;
        }

        return true;
    }
}
