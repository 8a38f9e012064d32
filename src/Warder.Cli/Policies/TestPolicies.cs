using System.CommandLine;
using System.Text.Json.Nodes;
using Warder.Cedar;
using Warder.Cedar.Diagnostics;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;

namespace Warder.Cli.Policies;

/// <summary><c>warder policy test</c></summary>
internal static class TestPolicies
{
    public static Command Build(Shell shell)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "YAML files with requests and their expected decisions.", Arity = ArgumentArity.OneOrMore,
        };
        var filter = Arguments.Text("--filter", "Only the tests with this text in their names, in upper or lower case.");
        var verbose = new Option<bool>("--verbose") { Description = "Name the tests that pass, too." };
        return new CliCommand(
            "test",
            "Decides the requests of files, and compares the decisions with the expected ones. "
                + "Exit code 1 if a test fails or a file cannot be read, 2 if a file has no tests.",
            "warder policy test tests.yaml",
            "warder policy test photos.yaml albums.yaml --filter stranger --verbose")
        {
            files, filter, verbose,
        }
        .Does(shell, call =>
        {
            var began = shell.Now();
            var wanted = call.Parsed.GetValue(filter) ?? "";
            var reports = call.Parsed.GetValue(files)!.Select(file => Run(call, file, wanted)).ToList();
            var tests = reports.SelectMany(report => report.Results).ToList();
            var (passed, unreadable) = (tests.Count(test => test.Passed), reports.Count(report => report.File is null));
            if (wanted.Length > 0 && tests.Count == 0 && unreadable == 0)
                throw new UsageException($"--filter: no test has \"{wanted}\" in its name.");
            if (unreadable == 0 && reports.Find(report => report.File is { Tests.Count: 0 }) is { } empty)
                throw new UsageException($"{empty.Path}: the file has no tests.");
            var milliseconds = shell.Now().UnixMilliseconds - began.UnixMilliseconds;
            var failed = tests.Count - passed;
            var notRead = unreadable > 0 ? $", {Printer.Count(unreadable, "file")} not read" : "";
            if (call.IsJson)
                call.Print(Json(reports, passed, failed, milliseconds));
            else
                Show(call, reports, call.Parsed.GetValue(verbose), $"{passed} passed, {failed} failed{notRead}, in {milliseconds} ms.");
            return Task.FromResult(passed == tests.Count && unreadable == 0 ? ExitCode.Ok : ExitCode.Refused);
        });
    }

    private static Report Run(Invocation call, string path, string wanted)
    {
        var (file, diagnostics) = TestFileReader.Read(call.Shell, path);
        var tests = file?.Tests.Where(test => test.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase)) ?? [];
        return new Report(path, file, diagnostics, [.. tests.Select(test => TestRun.Run(file!, test))]);
    }

    private static void Show(Invocation call, List<Report> reports, bool isVerbose, string summary)
    {
        foreach (var (path, file, diagnostics, results) in reports)
        {
            DiagnosticText.Print(call.Shell.Out, diagnostics);
            foreach (var result in results.Where(result => isVerbose || !result.Passed))
            {
                DiagnosticText.Lines(call.Shell.Out, $"{(result.Passed ? "pass" : "FAIL")} {path}:{result.Test.Line} {result.Test.Name}");
                foreach (var difference in result.Differences)
                    DiagnosticText.Lines(call.Shell.Out, difference, "  ");
                if (result.Passed)
                    continue;
                var explanation = Authorizer.Explain(file!.Policies, result.Test.Request, file.Entities);
                ExplanationText.Print(call.Shell.Out, explanation, isAll: false, "  ");
            }
        }

        call.Shell.Out.WriteLine(summary);
    }

    private static JsonObject Json(List<Report> reports, int passed, int failed, long milliseconds) => new()
    {
        ["passed"] = passed,
        ["failed"] = failed,
        ["milliseconds"] = milliseconds,
        ["files"] = new JsonArray([.. reports.Select(report => new JsonObject
        {
            ["file"] = report.Path,
            ["errors"] = DiagnosticText.Json(report.Diagnostics.Where(it => it.Severity == Severity.Error)),
            ["warnings"] = DiagnosticText.Json(report.Diagnostics.Where(it => it.Severity == Severity.Warning)),
            ["tests"] = new JsonArray([.. report.Results.Select(Json)]),
        })]),
    };

    private static JsonObject Json(TestResult result) => new()
    {
        ["name"] = result.Test.Name,
        ["line"] = result.Test.Line,
        ["passed"] = result.Passed,
        ["expected"] = TestRun.Word(result.Test.IsAllowed),
        ["decision"] = TestRun.Word(result.Decision.IsAllowed),
        ["reasons"] = ExplanationText.Strings(result.Decision.Reasons),
        ["errors"] = ExplanationText.Errors(result.Decision),
        ["differences"] = ExplanationText.Strings(result.Differences),
    };

    /// <summary>The results of one file.</summary>
    private sealed record Report(string Path, TestFile? File, IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<TestResult> Results);
}
