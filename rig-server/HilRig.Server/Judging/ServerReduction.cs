using HilRig.Analysis.Rates;
using HilRig.Analysis.Reproducers;
using HilRig.Model;
using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using HilRig.Server.Agents;

namespace HilRig.Server.Judging;

/// <summary>Cuts a flag's failing cycle down by runs of the queue, shared among boards that show the failure; one step after the other, as each tells what comes next.</summary>
/// <remarks>
/// What a run tried stands in its order, so that whatever the flag has become since, a restart learns from it what it learned
/// before.
/// </remarks>
internal sealed class ServerReduction(Flag flag, RunOrder origin, InvestigationReport report, InvestigationOrders orders, AgentRegistry agents)
{
    /// <summary>Cycles that an operator's <c>confirm</c> allows for a flag.</summary>
    private const int Budget = 150;

    /// <summary>More boards learn faster, but waste what all of them do before the first one has told anything.</summary>
    private const int MostBoards = 4;

    /// <param name="idle">Other places that could take a run now.</param>
    /// <returns>The report with what is known by now.</returns>
    public async Task<InvestigationReport> GoOnAsync(IReadOnlyList<string> idle, CancellationToken cancellationToken)
    {
        var begun = await KnownAsync(1, cancellationToken);
        if (begun.Count == 0 && !orders.Allowed)
            return report;
        var here = report.Arms[0];
        if (await orders.EndedAsync(origin with { RunId = here.RunId }, cancellationToken) is not { } events || FailingCycle.Find(events, flag.Fingerprint) is not { } failing)
            return report with { Proof = ["not seen again, so there is nothing to cut down"] };
        var places = begun.Count > 0 ? [.. begun.Select(order => order.Place)] : PlacesFor(here.Place, idle);
        var reduction = new Reduction(failing, flag, SwitchesPower(begun, places), Budget, places.Count, Origin());
        var tried = new List<TriedCandidate>();
        for (var number = 1; ; number++)
        {
            var known = await KnownAsync(number, cancellationToken);
            if (known.Count == 0 && !orders.Allowed && reduction.Result is not null)
                break;
            if (known.Count == 0 && reduction.Barren >= Reduction.MostBarren)
                return Now() with { Proof = [$"not reproduced: no cycle of the last {reduction.Barren} runs passed or failed so; what each begins with, or a step on the way, fails by itself"] };
            if ((known.Count > 0 ? RunOf(known) : reduction.Next()) is not { } run)
                break;
            var shares = known.Count > 0 ? known : Share(run, number, places);
            if (await EndedAsync(shares, cancellationToken) is not { } ended)
                return Now();
            var outcomes = reduction.OutcomesOf(run, ended);
            reduction.Record(run, outcomes);
            if (run.Stage is ReductionStage.Search or ReductionStage.Simplify)
                tried.Add(new TriedCandidate(reduction.Words(run.Candidate), [.. shares.Select(share => share.RunId)], Wilson.Rate(outcomes.With.Failures, outcomes.With.Counted)));
        }
        return reduction.Result is { } found
            ? Now() with
            {
                Proof = [$"{found.Sentence}: {failing.WholeWords(found.Kept)}", .. found.Confirmation is { } confirmation ? [confirmation] : Array.Empty<string>(), .. reduction.Discriminate(found)],
            }
            : Now() with { Proof = [$"not reproduced within {Budget} cycles"] };

        // Its proof in words comes with the last run, so that an investigation goes on until then.
        InvestigationReport Now() => report with
        {
            Tried = [.. tried],
            Spent = reduction.Spent,
            Budget = Budget,
            Experiments = reduction.Experiments,
            Reproducer = reduction.Result is { } proven ? reduction.ToSequence(proven) : null,
            Proven = reduction.Result is { } result ? new ProvenReproducer(failing.WholeWords(result.Kept), result.Sentence, result.Proof, result.Without, result.Evidence, result.Belief) : null,
        };
    }

    /// <summary>Null for one that this version reads no more: then only its parameters cannot be varied.</summary>
    private Sequence? Origin()
    {
        try
        {
            return SequenceFile.Parse(origin.SequenceName, origin.Sequence);
        }
        catch (BadInputException)
        {
            return null;
        }
    }

    /// <summary>Where it failed, and idle places that showed the failure as well.</summary>
    private IReadOnlyList<string> PlacesFor(string here, IReadOnlyList<string> idle) =>
        [.. report.Arms.Where(arm => arm is { Arm: "other-board", Failures: > 0 }).Select(arm => arm.Place).Concat(flag.Places).Where(idle.Contains).Prepend(here).Distinct().Take(MostBoards)];

    /// <summary>As it was begun; else only where every board's supply can be switched.</summary>
    private bool SwitchesPower(IReadOnlyList<RunOrder> begun, IReadOnlyList<string> places) =>
        begun.Count > 0 ? FailingCycle.SwitchesPower(begun[0].Sequence) : places.All(place => agents.FindByPlace(place)?.Find(place)?.SwitchesPower ?? true);

    private async Task<IReadOnlyList<RunOrder>> KnownAsync(int number, CancellationToken cancellationToken)
    {
        var known = new List<RunOrder>();
        while (await orders.FindAsync(InvestigationRun.NameOf(flag.Id, number, known.Count), cancellationToken) is { } order)
            known.Add(order);
        return known;
    }

    /// <summary>As the orders tell it; null for orders that this version does not understand.</summary>
    private static ReductionRun? RunOf(IReadOnlyList<RunOrder> known) =>
        Path.GetFileNameWithoutExtension(known[0].SequenceName).Split('-', 2) is [var stage, var text] && Enum.TryParse<ReductionStage>(stage, ignoreCase: true, out var which) && Candidate.Parse(text) is { } candidate
            ? new ReductionRun(which, candidate, known[0].Sequence, known.Sum(order => order.Cycles ?? 0), (int)known[0].Seed)
            : null;

    private IReadOnlyList<RunOrder> Share(ReductionRun run, int number, IReadOnlyList<string> places)
    {
        var hasImage = SequenceFile.Parse("candidate", run.Text).Image is { Size: not null };
        return
        [
            .. places.Select((place, board) => origin with
            {
                RunId = InvestigationRun.NameOf(flag.Id, number, board),
                Epoch = 0,
                Place = place,
                SequenceName = $"{run.Stage.ToString().ToLowerInvariant()}-{run.Candidate}.yaml",
                Sequence = run.Text,
                ImageName = hasImage ? null : origin.ImageName,
                ImageDigest = hasImage ? null : origin.ImageDigest,
                Cycles = run.Cycles / places.Count + (board < run.Cycles % places.Count ? 1 : 0),
                Seed = run.Seed + 1000 * board,
            }).Where(order => order.Cycles > 0),
        ];
    }

    /// <summary>What came of them, once all are over. The first one is ordered last: where it is known, all are.</summary>
    private async Task<IReadOnlyList<(int Seed, IReadOnlyList<RunEvent> Events)>?> EndedAsync(IReadOnlyList<RunOrder> shares, CancellationToken cancellationToken)
    {
        var ended = new List<(int, IReadOnlyList<RunEvent>)>();
        var waiting = false;
        foreach (var share in shares.Reverse())
        {
            if (await orders.EndedAsync(share, cancellationToken) is { } events)
                ended.Add(((int)share.Seed, events));
            else
                waiting = true;
        }
        return waiting ? null : ended;
    }
}
