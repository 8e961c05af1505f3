using System.CommandLine;
using HilRig.Analysis.SignOff;
using HilRig.Model;

namespace HilRig.Cli.SignOffs;

/// <summary><c>hilrig verify dossier.zip</c>: recomputes every number from the events, offline. Exit code 1 where a byte changed or a figure differs.</summary>
public static class VerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("dossier") { Description = "The dossier's zip" };
        var command = new Command("verify", "Recompute a dossier from its events and find any changed byte") { file };
        command.SetAction(parsed => Verify(parsed.GetRequiredValue(file), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Verify(string path, TextWriter output)
    {
        var check = DossierCheck.Of(SignOffFolder.Read(path, "expected a dossier"), path);
        foreach (var problem in check.Problems)
            output.WriteLine($"{path}: {problem}");
        if (check.Problems.Count > 0)
            return ExitCode.Fail;
        output.WriteLine($"{path}: every byte and every figure is right; head of the chain {check.Head}");
        output.WriteLine($"  {SignOffText.Of(check.Figures!)}");
        output.WriteLine($"  {check.Approval ?? "approved by two people"}");
        return ExitCode.Pass;
    }
}
