using HilRig.Model.Runs;

namespace HilRig.Tests.Analysis.Flags;

/// <summary>
/// Draws the samples of a re-update campaign on one board: random resets, erases and updates, and the conditions an agent
/// would log. A stale board fails an update with 10203 whenever an application lay in flash when its bootloader started.
/// </summary>
internal sealed class UpdateCampaign(int seed, string release = "kboot-2.0", string place = "kv58-1")
{
    private readonly Random random = new(seed);
    private readonly Dictionary<string, int> since = new() { ["updates"] = 0, ["erases"] = 0, ["cycles"] = 0 };
    private string appAtBoot = "blank";
    private string appNow = "blank";
    private string lastReset = "power";
    private string previousCycle = "none";
    private string previousStep = "none";
    private string previousVerdict = "none";
    private long number;
    private DateTimeOffset clock = new(2026, 1, 5, 22, 0, 0, TimeSpan.Zero);

    /// <summary>Chance of 10203 on an update while an application lay in flash at boot.</summary>
    public double StaleFailure { get; init; } = 1;

    /// <summary>Chance of the failure whatever the conditions.</summary>
    public double RandomFailure { get; init; }

    /// <summary>Chance of silence, which nobody can attribute.</summary>
    public double Silence { get; init; }

    public Layer SilenceLayer { get; init; } = Layer.Undetermined;

    public Verdict SilenceVerdict { get; init; } = Verdict.Inconclusive;

    public IEnumerable<StepSample> Cycles(int cycles)
    {
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            since["cycles"]++;
            var verdict = Verdict.Pass;
            var steps = random.Next(2, 5);
            for (var index = 0; index < steps && verdict is Verdict.Pass; index++)
            {
                var sample = Step(cycle, index, index == steps - 1 ? "update" : Pick("reset", "reset", "erase-all", "verify", "update"));
                verdict = sample.Verdict;
                yield return sample;
            }
            previousCycle = verdict is Verdict.Pass ? "pass" : "fail";
        }
    }

    private StepSample Step(int cycle, int index, string step)
    {
        var conditions = new Dictionary<string, string>
        {
            [ConditionVocabulary.AppAtBoot] = appAtBoot,
            [ConditionVocabulary.AppNow] = appNow,
            [ConditionVocabulary.LastReset] = lastReset,
            [ConditionVocabulary.UpdatesSinceReset] = $"{since["updates"]}",
            [ConditionVocabulary.ErasesSinceReset] = $"{since["erases"]}",
            [ConditionVocabulary.CyclesSincePower] = $"{since["cycles"]}",
            [ConditionVocabulary.PreviousStep] = previousStep,
            [ConditionVocabulary.PreviousVerdict] = previousVerdict,
            [ConditionVocabulary.PreviousCycle] = previousCycle,
            [ConditionVocabulary.Image] = Pick("small.bin", "large.bin"),
            [ConditionVocabulary.Baud] = "115200",
            [ConditionVocabulary.Board] = place,
        };
        clock += TimeSpan.FromSeconds(3);
        var silent = random.NextDouble() < Silence;
        var failed = !silent && step == "update" && random.NextDouble() < (appAtBoot == "application" ? Math.Max(StaleFailure, RandomFailure) : RandomFailure);
        Follow(step, failed || silent);
        var verdict = silent ? SilenceVerdict : failed ? Verdict.Fail : Verdict.Pass;
        previousStep = step;
        previousVerdict = verdict is Verdict.Pass ? "pass" : "fail";
        return new StepSample(
            $"run-{place}", ++number, clock, release, "re-update", "", "lab-1", place, cycle, index, step, verdict,
            silent ? SilenceLayer : failed ? Layer.Product : Layer.None,
            silent ? new Fingerprint(step, "ping", "no-response", "")
                : failed ? new Fingerprint(step, "write-memory", "10203", "kStatusMemoryCumulativeWrite") : null,
            false,
            conditions);
    }

    private void Follow(string step, bool failed)
    {
        switch (step)
        {
            case "reset":
                lastReset = Pick("bootloader", "probe", "power");
                appAtBoot = appNow;
                since["updates"] = since["erases"] = 0;
                if (lastReset == "power")
                    since["cycles"] = 0;
                break;
            case "update":
                since["updates"]++;
                since["erases"]++;
                appNow = failed ? "blank" : "application";
                break;
            case "erase-all":
                since["erases"]++;
                appNow = "blank";
                break;
        }
    }

    private string Pick(params string[] words) => words[random.Next(words.Length)];
}
