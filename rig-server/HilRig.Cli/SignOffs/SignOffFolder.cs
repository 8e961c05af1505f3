using System.Text.Json;
using HilRig.Analysis.SignOff;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Cli.SignOffs;

/// <summary>A sign-off on its way: the registered plan, the events of its runs, the approvals.</summary>
/// <remarks><c>plan.json</c> · <c>events/*.jsonl</c>, where <c>agent run --events</c> may write straight away · <c>approvals.json</c></remarks>
internal sealed class SignOffFolder(string path)
{
    private string PlanFile => Path.Combine(path, "plan.json");

    private string EventsFolder => Path.Combine(path, "events");

    private string ApprovalsFile => Path.Combine(path, "approvals.json");

    /// <summary>Fixes the plan; refuses a changed one once there are samples.</summary>
    public void Register(SignOffPlan plan)
    {
        if (File.Exists(PlanFile) && Runs().Count > 0)
            RefuseChange(plan);
        Directory.CreateDirectory(EventsFolder);
        File.WriteAllBytes(PlanFile, plan.ToJson());
    }

    /// <summary>Refuses a plan that differs from the registered one, and says in which fields.</summary>
    public void RefuseChange(SignOffPlan plan)
    {
        var differences = Plan().Differences(plan);
        if (differences.Count > 0)
            throw new BadInputException($"{path}: the plan changed after the first sample: {string.Join("; ", differences)}. A sign-off is decided by the plan that stood before it; put it back, or register another in a new folder");
    }

    public SignOffPlan Plan() => SignOffPlan.FromJson(GivenFile.Bytes(PlanFile, "a registered plan: hilrig sign-off register"));

    public Dossier Dossier() => new(Plan(), Runs(), Approvals());

    public IReadOnlyList<SignOffApproval> Approvals() =>
        File.Exists(ApprovalsFile) ? SignOffApproval.ListFromJson(File.ReadAllBytes(ApprovalsFile)) : [];

    public void Approve(SignOffApproval approval) =>
        File.WriteAllBytes(ApprovalsFile, JsonSerializer.SerializeToUtf8Bytes(Approvals().Append(approval), RunJson.Options));

    private Dictionary<string, byte[]> Runs() =>
        Directory.Exists(EventsFolder) ? Directory.GetFiles(EventsFolder, "*.jsonl").ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes) : [];
}
