using System.Text.RegularExpressions;

namespace Warder.Cli.Tests.Policies;

/// <summary>Creates the files of docs/policies.md, runs its commands, and compares their output with the document.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public async Task What_the_document_shows_is_what_happens()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies.md"));
        using var workspace = new Workspace();
        var commands = 0;
        foreach (Match block in Block().Matches(text))
        {
            if (block.Groups["file"].Success)
            {
                workspace.Write(block.Groups["file"].Value, block.Groups["text"].Value);
                continue;
            }

            foreach (var shown in block.Groups["text"].Value.Split("$ warder ", StringSplitOptions.RemoveEmptyEntries))
            {
                var (command, output) = (
                    shown[..shown.IndexOf('\n', StringComparison.Ordinal)], shown[(shown.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
                var run = await workspace.RunAsync([.. Word().Matches(command).Select(word => word.Value.Trim('\''))]);
                Assert.Equal((output, ""), (run.Out, run.Error));
                commands++;
            }
        }

        Assert.Equal(5, commands);
    }

    [GeneratedRegex(@"(?:^`(?<file>[^`\n]+)`:\n\n```\w+|^```console)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Word();
}
