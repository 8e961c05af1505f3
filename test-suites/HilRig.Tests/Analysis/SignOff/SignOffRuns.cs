using System.Text;
using System.Text.Json;
using HilRig.Analysis.SignOff;
using HilRig.Model.Runs;

namespace HilRig.Tests.Analysis.SignOff;

/// <summary>Events of runs for a sign-off: one sequence of one step on a board.</summary>
internal static class SignOffRuns
{
    public static SignOffPlan Plan { get; } = new("kboot-2.0", 0.02, 0.95, StoppingRule.Fixed, 0, ["kv58-1", "kv58-2"], new Dictionary<string, double> { ["re-update"] = 0.5 }, 0.02);

    /// <param name="verdicts">Of the cycles, in order.</param>
    public static byte[] Run(string place, params IEnumerable<Verdict> verdicts) => Run(place, "kboot-2.0", 0, verdicts);

    /// <param name="release">Bootloader under test.</param>
    /// <param name="sessionOf">Power is off before every cycle that this divides; 0 for never.</param>
    /// <param name="begins">Hours after the others.</param>
    public static byte[] Run(string place, string release, int sessionOf, IEnumerable<Verdict> verdicts, string binary = "ab1", string text = "5e9", int begins = 0)
    {
        var lines = new StringBuilder();
        var (number, at) = (0L, new DateTimeOffset(2026, 1, 5, 22, 0, 0, TimeSpan.Zero).AddHours(begins));
        Write(new RunStarted("re-update", text, release, binary, place, "kv58", "id-" + place, "lab-1", "app.bin", "c0", 100, 1, new Dictionary<string, string> { ["pyocd"] = "0.45.0", ["agent"] = "0.1.0" }));
        foreach (var (index, verdict) in verdicts.Index())
        {
            if (sessionOf > 0 && index % sessionOf == 0)
                Write(new StepEnded(index + 1, 0, StepPhase.Steps, "reset", "by=power", Verdict.Pass, Layer.None, null, 1, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []));
            var layer = verdict switch { Verdict.Fail => Layer.Product, Verdict.Error => Layer.Rig, Verdict.Inconclusive => Layer.Undetermined, _ => Layer.None };
            Write(new StepEnded(index + 1, 0, StepPhase.Steps, "update", "", verdict, layer, verdict > Verdict.Pass ? new Failure("write-memory", "10203", "", "x") : null, 1, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []));
            Write(new CycleEnded(index + 1, verdict, layer));
        }
        return Encoding.UTF8.GetBytes(lines.ToString());

        void Write(RunEventBody body) => lines.Append(JsonSerializer.Serialize(new RunEvent($"r-{(release == "kboot-2.0" ? "" : "control-")}{place}{(begins > 0 ? "-later" : "")}", ++number, at = at.AddSeconds(3), body), RunJson.Options)).Append('\n');
    }

    public static IEnumerable<Verdict> Passes(int count) => Enumerable.Repeat(Verdict.Pass, count);

    /// <summary>75 clean cycles on each board, approved by two people.</summary>
    public static Dossier Clean() => Approved(Plan, Run("kv58-1", Passes(75)), Run("kv58-2", Passes(75)));

    /// <summary>A flag that is open and cycles that each rule leaves out, within what the plan allows.</summary>
    public static Dossier Mixed() => Approved(
        Plan with { AllowedFailures = 12, MostVoided = 0.1, Golden = "kboot-1.9", Voiding = VoidingRules.Usual },
        Run("kv58-1", [.. Enumerable.Range(0, 10).SelectMany(_ => Passes(70).Append(Verdict.Fail)), Verdict.Error, Verdict.Aborted]),
        Run("kv58-2", [.. Passes(400), Verdict.Error]),
        Run("kv58-1", "kboot-1.9", 0, [.. Passes(100), Verdict.Error]),
        Run("kv58-2", "kboot-2.0", 0, Passes(3), binary: "ee7", begins: 5),
        Run("kv58-1", "kboot-2.0", 0, Passes(4), text: "77e", begins: 6));

    private static Dossier Approved(SignOffPlan plan, params byte[][] runs)
    {
        var dossier = new Dossier(plan, runs.Index().ToDictionary(run => $"{run.Index + 1}.jsonl", run => run.Item), []);
        var head = Dossier.Head(Dossier.Chain(dossier.Contents()));
        return dossier with { Approvals = [new("K. Meier", "qa", DateTimeOffset.UnixEpoch, head), new("A. Sato", "qa", DateTimeOffset.UnixEpoch, head)] };
    }
}
