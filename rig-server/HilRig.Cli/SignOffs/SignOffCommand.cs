using System.CommandLine;
using HilRig.Analysis.SignOff;
using HilRig.Cli.Lab;
using HilRig.Model;

namespace HilRig.Cli.SignOffs;

/// <summary><c>hilrig sign-off</c>: fix a plan, watch its bound, approve, and pack the dossier; needs no server.</summary>
public static class SignOffCommand
{
    public static Command Create() => new("sign-off", "Fix a plan before the first sample, watch its bound, approve it, pack its dossier")
    {
        Register(), Status(), Approve(), Pack(),
    };

    private static Argument<string> Folder() => new("folder") { Description = "The sign-off's folder" };

    private static Argument<string> PlanFile() => new("plan") { Description = "The plan (YAML)" };

    private static Command Register()
    {
        var (folder, plan) = (Folder(), PlanFile());
        var command = new Command("register", "Fix the plan; after the first sample it cannot change") { folder, plan, LabVerb.Json };
        command.SetAction(parsed =>
        {
            var read = ReadPlan(parsed.GetRequiredValue(plan));
            new SignOffFolder(parsed.GetRequiredValue(folder)).Register(read);
            LabVerb.Say(parsed, new { read.Digest, read.Cycles, Plan = read }, $"registered, digest {read.Digest}: {read.Cycles} cycles; write the runs' events to {Path.Combine(parsed.GetRequiredValue(folder), "events")}");
            return ExitCode.Pass;
        });
        return command;
    }

    private static Command Status()
    {
        var folder = Folder();
        var plan = new Option<string?>("--plan") { Description = "The plan as it lies now; refused where it differs from the registered one" };
        var command = new Command("status", "The live bound, and what is still missing") { folder, plan, LabVerb.Json };
        command.SetAction(parsed =>
        {
            var signOff = new SignOffFolder(parsed.GetRequiredValue(folder));
            if (parsed.GetValue(plan) is { } file)
                signOff.RefuseChange(ReadPlan(file));
            var figures = signOff.Dossier().Figures;
            LabVerb.Say(parsed, figures, SignOffText.Of(figures));
            return Exit(figures);
        });
        return command;
    }

    private static Command Approve()
    {
        var folder = Folder();
        var name = new Option<string>("--name") { Description = "Who approves", Required = true };
        var role = new Option<string>("--role") { Description = "In which role; two people with the role qa are needed", DefaultValueFactory = _ => "qa" };
        var command = new Command("approve", "Give one's word for the contents as they are now") { folder, name, role, LabVerb.Json };
        command.SetAction(parsed =>
        {
            var signOff = new SignOffFolder(parsed.GetRequiredValue(folder));
            var dossier = signOff.Dossier();
            if (dossier.Figures.State is not SignOffState.Met)
                throw new BadInputException($"nothing to approve yet: {SignOffText.Of(dossier.Figures)}");
            var head = Dossier.Head(Dossier.Chain(dossier.Contents()));
            signOff.Approve(new SignOffApproval(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), TimeProvider.System.GetUtcNow(), head));
            var missing = SignOffApproval.Missing(signOff.Approvals(), head);
            LabVerb.Say(parsed, new { Head = head, Missing = missing }, $"approved {head}; {missing ?? "approved by two people"}");
            return ExitCode.Pass;
        });
        return command;
    }

    private static Command Pack()
    {
        var folder = Folder();
        var output = new Option<string>("--out") { Description = "The zip to write", DefaultValueFactory = _ => "dossier.zip" };
        var command = new Command("dossier", "Pack plan, events, figures, page and approvals") { folder, output, LabVerb.Json };
        command.SetAction(parsed =>
        {
            var dossier = new SignOffFolder(parsed.GetRequiredValue(folder)).Dossier();
            File.WriteAllBytes(parsed.GetRequiredValue(output), dossier.ToZip());
            LabVerb.Say(parsed, new { File = parsed.GetRequiredValue(output), dossier.Figures }, $"{parsed.GetRequiredValue(output)}: {SignOffText.Of(dossier.Figures)}");
            return Exit(dossier.Figures);
        });
        return command;
    }

    private static int Exit(SignOffFigures figures) => figures.State switch
    {
        SignOffState.Met => ExitCode.Pass,
        SignOffState.Failed => ExitCode.Fail,
        SignOffState.Void => ExitCode.RigError,
        _ => ExitCode.Undetermined,
    };

    private static SignOffPlan ReadPlan(string file) => SignOffPlan.Parse(file, GivenFile.Text(file, "a plan (YAML)"));
}
