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
    public static byte[] Run(string place, string release, int sessionOf, IEnumerable<Verdict> verdicts)
    {
        var lines = new StringBuilder();
        var (number, at) = (0L, new DateTimeOffset(2026, 1, 5, 22, 0, 0, TimeSpan.Zero));
        Write(new RunStarted("re-update", "5e9", release, "ab1", place, "kv58", "id-" + place, "lab-1", "app.bin", "c0", 100, 1, new Dictionary<string, string>()));
        foreach (var (index, verdict) in verdicts.Index())
        {
            if (sessionOf > 0 && index % sessionOf == 0)
                Write(new StepEnded(index + 1, 0, StepPhase.Steps, "reset", "by=power", Verdict.Pass, Layer.None, null, 1, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []));
            var layer = verdict switch { Verdict.Fail => Layer.Product, Verdict.Error => Layer.Rig, Verdict.Inconclusive => Layer.Undetermined, _ => Layer.None };
            Write(new StepEnded(index + 1, 0, StepPhase.Steps, "update", "", verdict, layer, verdict > Verdict.Pass ? new Failure("write-memory", "10203", "", "x") : null, 1, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []));
            Write(new CycleEnded(index + 1, verdict, layer));
        }
        return Encoding.UTF8.GetBytes(lines.ToString());

        void Write(RunEventBody body) => lines.Append(JsonSerializer.Serialize(new RunEvent($"r-{(release == "kboot-2.0" ? "" : "control-")}{place}", ++number, at = at.AddSeconds(3), body), RunJson.Options)).Append('\n');
    }

    public static IEnumerable<Verdict> Passes(int count) => Enumerable.Repeat(Verdict.Pass, count);

    /// <summary>75 clean cycles on each board, approved by two people.</summary>
    public static Dossier Clean()
    {
        var dossier = new Dossier(Plan, new Dictionary<string, byte[]> { ["1.jsonl"] = Run("kv58-1", Passes(75)), ["2.jsonl"] = Run("kv58-2", Passes(75)) }, []);
        var head = Dossier.Head(Dossier.Chain(dossier.Contents()));
        return dossier with { Approvals = [new("K. Meier", "qa", DateTimeOffset.UnixEpoch, head), new("A. Sato", "qa", DateTimeOffset.UnixEpoch, head)] };
    }
}
