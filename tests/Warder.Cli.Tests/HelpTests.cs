using System.CommandLine;
using System.CommandLine.Parsing;
using Warder.Cli.Shells;
using Warder.Cli.Commands;
using Warder.Core.Time;

namespace Warder.Cli.Tests;

public sealed class HelpTests
{
    private static readonly RootCommand Root = CommandLine.Build(new Shell
    {
        Out = TextWriter.Null, Error = TextWriter.Null, In = Stream.Null, Directory = "/", Variable = _ => null,
        Now = () => default(Instant),
    });

    [Fact]
    public void Every_verb_says_what_it_does_and_shows_examples()
        => Assert.All(Commands(Root), command =>
        {
            Assert.NotEmpty(command.Description!);
            Assert.NotEmpty(Assert.IsType<CliCommand>(command).Examples);
        });

    [Fact]
    public void Every_example_can_be_run_as_it_stands()
    {
        var examples = Commands(Root).OfType<CliCommand>().SelectMany(verb => verb.Examples).ToArray();
        Assert.True(examples.Length > 80);
        Assert.All(examples, example =>
        {
            var command = example[example.IndexOf("warder ", StringComparison.Ordinal)..].Split(" | ")[0].Split(" < ")[0].Split(" > ")[0]
                .TrimEnd(')');
            Assert.Empty(Root.Parse([.. CommandLineParser.SplitCommandLine(command).Skip(1)]).Errors);
        });
    }

    [Fact]
    public void Every_option_and_argument_is_explained()
        => Assert.All(
            Commands(Root).SelectMany(command => command.Options.Cast<Symbol>().Concat(command.Arguments)),
            symbol => Assert.False(string.IsNullOrWhiteSpace(symbol.Description), symbol.Name));

    [Fact]
    public void No_option_takes_a_secret()
        => Assert.All(
            Commands(Root).SelectMany(command => command.Options).Concat(Root.Options),
            option => Assert.DoesNotContain(
                option.Name, new[] { "--value", "--secret", "--key", "--token", "--management-key", "--password" }));

    [Fact]
    public async Task Help_prints_the_examples()
    {
        var run = await Run.OfAsync([], "", isTerminal: false, "keys", "create", "--help");
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("Examples:\n  warder keys create --org org_…", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completion_asks_the_program_itself(string shell)
    {
        var run = await Run.OfAsync([], "", isTerminal: false, "completion", shell);
        Assert.Contains("[suggest:", run.Out, StringComparison.Ordinal);
        var suggested = await Run.OfAsync([], "", isTerminal: false, "[suggest:14]", "warder keys re");
        Assert.Contains("revoke\n", suggested.Out, StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Commands(Command parent)
        => parent.Subcommands.SelectMany(command => Commands(command).Prepend(command));
}
