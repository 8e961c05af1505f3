using Dapper;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Bench.Server;

/// <summary>
/// A history of any size: a few runs go through the store as an agent's do, and the database copies them, each copy a run of its own with
/// times of its own. The events of a step's start are left out: no query reads them but by number, and they would double the file.
/// </summary>
internal static class GrownHistory
{
    /// <summary>Seen in the oldest runs alone: the newest failures of this kind lie at the far end of the history.</summary>
    public static readonly Failure Rare = new("fill-memory", "10102", "kStatusMemoryWriteFailed", "fill-memory to 0x00010000 answered 10102");

    /// <summary>Step rows of each run.</summary>
    public const int StepsInRun = Cycles * StepsInCycle;

    private const int Cycles = 200;
    private const int StepsInCycle = 4;
    private const int Templates = 20;
    private const long NanosecondsInNight = 12L * 3600 * 1_000_000_000;
    private static readonly string[] Steps = ["reset", "erase-all", "update", "verify"];
    private static readonly DateTimeOffset First = new(2024, 1, 1, 22, 0, 0, TimeSpan.Zero);
    private static readonly Failure CumulativeWrite = new("write-memory", "10203", "kStatusMemoryCumulativeWrite", "write-memory to 0x1000A000 answered 10203");

    /// <summary>Grows a database to that many step rows or somewhat more; answers how many runs it then holds.</summary>
    public static async Task<int> GrowAsync(IDatabase database, int steps, CancellationToken cancellationToken)
    {
        var runs = new RunStore(database);
        for (var number = 0; number < Templates; number++)
            await runs.AppendAsync([new EventBatch(RunIdOf(number), 0, Events(number))], cancellationToken);
        var copies = (int)Math.Ceiling((double)steps / StepsInRun / Templates) - 1;
        const int AtOnce = 5;
        for (var from = 1; from <= copies; from += AtOnce)
        {
            var numbers = new { from, to = Math.Min(copies, from + AtOnce - 1) };
            await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(Copy, numbers, transaction), cancellationToken);
        }
        // The keys that PostgreSQL gives go on behind these; SQLite looks for itself.
        var numbering = database.IsShared ? "SELECT setval(pg_get_serial_sequence('run', 'run_key'), (SELECT max(run_key) FROM run));" : "";
        await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync($"UPDATE release_tally SET number = number * {copies + 1}; {numbering} ANALYZE;", transaction: transaction), cancellationToken);
        return (copies + 1) * Templates;
    }

    public static string RunIdOf(int number) => $"r-grown-{number:00000000}";

    // Keys of the templates are 1 to 20; copy n of template t is run n × 20 + t, so that rows arrive in the order of their keys.
    private static readonly string Copy =
        $"""
        WITH RECURSIVE k (n) AS (SELECT @from UNION ALL SELECT n + 1 FROM k WHERE n < @to)
        INSERT INTO run (run_key, run_id, place, agent, sequence, revision, release, started_ns, position, summary, verdict, ended)
        SELECT k.n * {Templates} + r.run_key, 'r-grown-' || substr('00000000' || CAST(k.n * {Templates} + r.run_key - 1 AS TEXT), length(CAST(k.n * {Templates} + r.run_key - 1 AS TEXT)) + 1),
               r.place, r.agent, r.sequence, r.revision, r.release, r.started_ns + k.n * {NanosecondsInNight}, r.position, r.summary, r.verdict, r.ended
        FROM k CROSS JOIN run r WHERE r.run_key <= {Templates};

        WITH RECURSIVE k (n) AS (SELECT @from UNION ALL SELECT n + 1 FROM k WHERE n < @to)
        INSERT INTO tally SELECT t.started_ns + k.n * {NanosecondsInNight}, k.n * {Templates} + t.run_key, t.place, t.release, t.sequence, t.cycles, t.failed, t.other
        FROM k CROSS JOIN tally t WHERE t.run_key <= {Templates};

        WITH RECURSIVE k (n) AS (SELECT @from UNION ALL SELECT n + 1 FROM k WHERE n < @to)
        INSERT INTO blame SELECT b.layer, b.started_ns + k.n * {NanosecondsInNight}, k.n * {Templates} + b.run_key FROM k CROSS JOIN blame b WHERE b.run_key <= {Templates};

        WITH RECURSIVE k (n) AS (SELECT @from UNION ALL SELECT n + 1 FROM k WHERE n < @to)
        INSERT INTO event SELECT k.n * {Templates} + e.run_key, e.number, e.at_ns + k.n * {NanosecondsInNight}, e.body FROM k CROSS JOIN event e WHERE e.run_key <= {Templates};

        WITH RECURSIVE k (n) AS (SELECT @from UNION ALL SELECT n + 1 FROM k WHERE n < @to)
        INSERT INTO cycle SELECT k.n * {Templates} + c.run_key, c.cycle, c.first_number, c.verdict, c.layer FROM k CROSS JOIN cycle c WHERE c.run_key <= {Templates};

        WITH RECURSIVE k (n) AS (SELECT @from UNION ALL SELECT n + 1 FROM k WHERE n < @to)
        INSERT INTO step
        SELECT k.n * {Templates} + s.run_key, s.number, s.at_ns + k.n * {NanosecondsInNight}, s.cycle, s.position, s.step, s.verdict, s.layer,
               CASE WHEN f.code = '{Rare.Code}' THEN NULL ELSE s.fingerprint_key END, s.marginal, s.conditions
        FROM k CROSS JOIN step s LEFT JOIN fingerprint f ON f.fingerprint_key = s.fingerprint_key WHERE s.run_key <= {Templates};
        """;

    private static List<RunEvent> Events(int number)
    {
        var runId = RunIdOf(number);
        var place = $"kv58-{number % 10}";
        var events = new List<RunEvent>();
        void Add(RunEventBody body) => events.Add(new RunEvent(runId, events.Count + 1, First.AddSeconds(number).AddMilliseconds(137 * events.Count), body));
        var release = number < 10 ? "2.0.0+1f0c" : "2.1.0+77ab";
        Add(new RunStarted("re-update", "5ad3", release, release[6..], place, "kv58", place, $"bench-{number % 5}", "app-6k.bin", "77aa", Cycles, number, new Dictionary<string, string>()));
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            Add(new CycleStarted(cycle));
            var worst = Verdict.Pass;
            for (var index = 0; index < StepsInCycle; index++)
            {
                var failure = Steps[index] != "update" ? null : cycle % 50 == 0 ? CumulativeWrite : number == 0 && cycle % 99 == 0 ? Rare : null;
                worst = failure is null ? worst : Verdict.Fail;
                Add(new StepEnded(
                    cycle, index, StepPhase.Steps, Steps[index], "image: app-6k.bin", failure is null ? Verdict.Pass : Verdict.Fail, failure is null ? Layer.None : Layer.Product, failure, 812.5, false,
                    new Dictionary<string, string>
                    {
                        [ConditionVocabulary.AppAtBoot] = cycle % 50 == 0 ? "application" : "blank",
                        [ConditionVocabulary.LastReset] = cycle % 3 == 0 ? "probe" : "power",
                        [ConditionVocabulary.Board] = place,
                    },
                    new Dictionary<string, double>(), []));
            }
            Add(new CycleEnded(cycle, worst, worst == Verdict.Pass ? Layer.None : Layer.Product));
        }
        Add(new RunEnded(Verdict.Fail, EndReason.Completed, "all cycles done"));
        return events;
    }
}
