using System.Text.Json;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Cli.Demo;

/// <param name="What">One sentence.</param>
public sealed record Promise(string What, bool Holds);

/// <summary>What the server's own records say after the runs, and whether it is what the demo promises. Everything is read, nothing assumed.</summary>
public sealed record DemoFinding(
    IReadOnlyList<RunSummary> Runs,
    IReadOnlyList<Flag> Flags,
    Flag? StaleCache,
    MemoryViews? Evidence,
    IReadOnlyList<Promise> Promises)
{
    private const string Symptom = "10203";
    private const string Cause = $"{ConditionVocabulary.AppAtBoot}=application";
    private const string NoisyPlace = "kv58-3";

    public static async Task<DemoFinding> ReadAsync(ServerApi api, DemoOptions options, CancellationToken cancellationToken)
    {
        var runs = await api.RunsAsync(cancellationToken);
        var flags = await FlagsWhenJudgedAsync(api, cancellationToken);
        var cached = $"kv58-{options.CachedBoard ?? 1}";
        var stale = flags.FirstOrDefault(flag => flag is { IsProduct: true, Fingerprint.Code: Symptom } && flag.Places.Contains(cached));
        var evidence = await FindEvidenceAsync(api, runs.First(run => run.Started.Place == cached), cancellationToken);
        return new DemoFinding(runs, flags, stale, evidence, Check(runs, flags, stale, evidence, cached));
    }

    private static List<Promise> Check(IReadOnlyList<RunSummary> runs, IReadOnlyList<Flag> flags, Flag? stale, MemoryViews? evidence, string cached)
    {
        var firstRank = stale?.Triggers.Where(trigger => trigger.Rank == 1).Select(trigger => trigger.Condition).ToList() ?? [];
        var promises = new List<Promise>
        {
            new($"{Symptom} is flagged on {cached}", stale is not null),
            new("the application present at the bootloader's start is the first-ranked trigger, or among those that the data cannot tell apart", firstRank.Contains(Cause)),
            new("the evidence shows SWD reading FF where core and bootloader read otherwise", evidence?.Rows.Any(ShowsStaleLine) == true),
        };
        foreach (var place in Lab.Places.Where(place => place != cached))
            promises.Add(new Promise($"nothing is held against the product on {place}", !flags.Any(flag => flag.IsProduct && flag.Places.Contains(place))));
        var noisy = runs.First(run => run.Started.Place == NoisyPlace);
        var troubled = noisy.MarginalSteps + noisy.CyclesByVerdict.GetValueOrDefault(Verdict.Inconclusive) + noisy.CyclesByVerdict.GetValueOrDefault(Verdict.Error);
        promises.Add(new Promise($"the noise on {NoisyPlace} is counted as marginal, undetermined or the rig's ({troubled} times)", troubled > 0));
        return promises;
    }

    /// <summary>The judge follows the events within a second: reads until two readings agree.</summary>
    private static async Task<IReadOnlyList<Flag>> FlagsWhenJudgedAsync(ServerApi api, CancellationToken cancellationToken)
    {
        var before = "";
        while (true)
        {
            var flags = await api.FlagsAsync(cancellationToken);
            var now = JsonSerializer.Serialize(flags, RunJson.Options);
            if (now == before)
                return flags;
            before = now;
            await Task.Delay(TimeSpan.FromSeconds(1.2), cancellationToken);
        }
    }

    private static async Task<MemoryViews?> FindEvidenceAsync(ServerApi api, RunSummary run, CancellationToken cancellationToken)
    {
        for (var after = 0L; after < run.LastNumber;)
        {
            var events = await api.EventsAsync(run.RunId, after, cancellationToken);
            if (events.Count == 0)
                break;
            foreach (var step in events.Select(candidate => candidate.Body).OfType<StepEnded>().Where(step => step.Failure?.Code == Symptom))
            {
                var item = step.Evidence.FirstOrDefault(candidate => candidate is { Kind: EvidenceKinds.Views, Missing: null });
                if (item is not null)
                    return JsonSerializer.Deserialize<MemoryViews>(item.Text, RunJson.Options);
            }
            after = events[^1].Number;
        }
        return null;
    }

    /// <summary>A byte that the array holds erased and both core and bootloader see as something else.</summary>
    private static bool ShowsStaleLine(MemoryViewRow row)
    {
        var (array, core, bootloader) = (row.Array.Split(' '), row.Core.Split(' '), row.Bootloader.Split(' '));
        return array.Length == core.Length && array.Length == bootloader.Length
            && Enumerable.Range(0, array.Length).Any(index => array[index] == "FF" && core[index] != "FF" && bootloader[index] == core[index]);
    }
}
