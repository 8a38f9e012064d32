using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Shells;

namespace Warder.Cli.Nouns;

/// <summary><c>warder completion</c></summary>
internal static class CompletionCommand
{
    // Each script gets its suggestions from the program, so the scripts never differ from it.
    private const string Bash = """
        _warder() {
            local line word="${COMP_WORDS[COMP_CWORD]}"
            COMPREPLY=()
            while IFS= read -r line; do
                [[ $line == "$word"* ]] && COMPREPLY+=("$line")
            done < <(warder "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
        }
        complete -o default -F _warder warder
        """;

    private const string Zsh = """
        #compdef warder
        _warder() {
            local -a words_found
            words_found=("${(@f)$(warder "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words_found || _files
        }
        compdef _warder warder
        """;

    private const string Fish = """
        function __warder
            set -l line (commandline -cp)
            warder "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
        end
        complete -c warder -a '(__warder)'
        """;

    public static Command Build(Shell shell)
    {
        var name = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        name.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return new CliCommand(
            "completion",
            "Prints a script that completes warder's commands in your shell.",
            "source <(warder completion bash)",
            "warder completion zsh > \"${fpath[1]}/_warder\"",
            "warder completion fish > ~/.config/fish/completions/warder.fish")
        {
            name,
        }
        .Does(shell, call =>
        {
            shell.Out.WriteLine(call.Get(name) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
