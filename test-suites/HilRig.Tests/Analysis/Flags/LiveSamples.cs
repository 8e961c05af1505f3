using HilRig.Model.Runs;

namespace HilRig.Tests.Analysis.Flags;

/// <summary>Draws samples of single steps over several boards and agents, as the runs of a night would give them.</summary>
internal static class LiveSamples
{
    /// <param name="outcome">What becomes of a trial: null passes, <c>silence</c> nobody can attribute, else the status that the board answers.</param>
    public static IReadOnlyList<StepSample> Draw(int seed, int trials, Func<Situation, Random, string?> outcome, string release = "kboot-2.0", int boards = 6, int agents = 2)
    {
        var random = new Random(seed);
        var samples = new List<StepSample>();
        for (var trial = 0; trial < trials; trial++)
        {
            var board = trial % boards;
            var at = new DateTimeOffset(2026, 1, 5, 22, 0, 0, TimeSpan.Zero).AddSeconds(20 * trial);
            var situation = new Situation($"kv58-{board + 1}", $"lab-{1 + board * agents / boards}", random.Next(2) == 0 ? "verify" : "update", new Dictionary<string, string>
            {
                [ConditionVocabulary.AppAtBoot] = random.Next(2) == 0 ? "application" : "blank",
                [ConditionVocabulary.LastReset] = new[] { "bootloader", "probe", "power" }[random.Next(3)],
                [ConditionVocabulary.UpdatesSinceReset] = $"{random.Next(4)}",
                [ConditionVocabulary.Image] = random.Next(2) == 0 ? "small.bin" : "large.bin",
                [ConditionVocabulary.Baud] = new[] { "57600", "115200", "460800" }[random.Next(3)],
                [ConditionVocabulary.Board] = $"kv58-{board + 1}",
            }, at);
            var code = outcome(situation, random);
            samples.Add(new StepSample(
                $"{release}-{situation.Place}", trial + 1, at, release, "mix", "", situation.Agent, situation.Place,
                1 + trial / boards, 0, situation.Step,
                code is null ? Verdict.Pass : code == "silence" ? Verdict.Inconclusive : Verdict.Fail,
                code is null ? Layer.None : code == "silence" ? Layer.Undetermined : Layer.Product,
                code is null ? null : code == "silence" ? new Fingerprint(situation.Step, "ping", "no-response", "") : new Fingerprint(situation.Step, "write-memory", code, ""),
                false, situation.Conditions));
        }
        return samples;
    }

    internal sealed record Situation(string Place, string Agent, string Step, IReadOnlyDictionary<string, string> Conditions, DateTimeOffset At)
    {
        public bool Is(string condition, string value) => Conditions[condition] == value;
    }
}
