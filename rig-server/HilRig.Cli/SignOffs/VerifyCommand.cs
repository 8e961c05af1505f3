using System.CommandLine;
using HilRig.Analysis.SignOff;
using HilRig.Cli.Lab;
using HilRig.Model;

namespace HilRig.Cli.SignOffs;

/// <summary><c>hilrig verify dossier.zip</c>: recomputes every number from the events, offline. Exit code 1 where a byte changed or a figure differs.</summary>
public static class VerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("dossier") { Description = "The dossier's zip" };
        var command = new Command("verify", "Recompute a dossier from its events and find any changed byte") { file, LabVerb.Json };
        command.SetAction(parsed => Verify(parsed, parsed.GetRequiredValue(file)));
        return command;
    }

    private static int Verify(ParseResult parsed, string path)
    {
        var check = DossierCheck.Of(GivenFile.Bytes(path, "a dossier"), path);
        var isRight = check.Problems.Count == 0;
        string[] lines = isRight
            ? [
                $"{path}: every byte and every figure is right; head of the chain {check.Head}",
                $"  {SignOffText.Of(check.Figures!)}",
                $"  {check.Approval ?? "approved by two people"}",
            ]
            : [.. check.Problems.Select(problem => $"{path}: {problem}")];
        LabVerb.Say(parsed, new { Dossier = path, IsRight = isRight, check.Problems, check.Head, check.Figures, Missing = check.Approval }, lines);
        return isRight ? ExitCode.Pass : ExitCode.Fail;
    }
}
