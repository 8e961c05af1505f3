using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Reproducers;

/// <summary>The same sequence tried elsewhere.</summary>
/// <param name="Failures">Cycles that failed with the fingerprint.</param>
/// <param name="Cycles">Cycles that failed with it or passed.</param>
public sealed record InvestigationArm(int Failures, int Cycles)
{
    /// <summary>What came of one place's cycles.</summary>
    public static InvestigationArm Of(CycleOutcomes outcomes) => new(outcomes.Failures, outcomes.Counted);
}

/// <summary>Whose a failure is, after the same sequence was run on another board, on the release before and on the virtual board.</summary>
/// <param name="Blame">Product, sequence, rig, or undetermined.</param>
/// <param name="Reason">One sentence with the numbers.</param>
public sealed record Investigation(Layer Blame, string Reason)
{
    /// <summary>What a claim may cost in wrong ones.</summary>
    private const double Significance = 0.05;

    /// <param name="here">Where it was found.</param>
    /// <param name="otherBoard">The same release on another board; null where there is none.</param>
    /// <param name="releaseBefore">The release before; null where there is none.</param>
    /// <param name="virtualBoard">A virtual board without the fault in question; null where there is none.</param>
    public static Investigation Of(InvestigationArm here, InvestigationArm? otherBoard, InvestigationArm? releaseBefore, InvestigationArm? virtualBoard)
    {
        if (here.Failures == 0)
            return new(Layer.Undetermined, $"not seen again: 0 of {here.Cycles} here, which excludes no more than {100 * SignOff.ZeroFailurePlan.Bound(here.Cycles, 1 - Significance):0.#} %");
        // A sequence that fails everywhere, on a release known to be good and on a board that keeps the manual's rules, asks for what cannot be.
        if (releaseBefore is { Failures: > 0 } && virtualBoard is { Failures: > 0 })
            return new(Layer.Sequence, $"it fails on the release before ({Say(releaseBefore)}) and on the virtual board ({Say(virtualBoard)}) as well: the sequence asks for what cannot be");
        if (otherBoard is { Failures: > 0 })
            return new(Layer.Product, $"it fails on another board too ({Say(otherBoard)} against {Say(here)} here){Regression(here, releaseBefore)}");
        if (otherBoard is not null && IsAbsent(here, otherBoard))
            return new(Layer.Rig, $"only this place shows it: {Say(here)} here, {Say(otherBoard)} on another board; board, line, probe or supply of this place");
        return new(Layer.Undetermined, otherBoard is null
            ? "without another board its fault and this board's cannot be told apart"
            : $"too few cycles on the other board: {Say(otherBoard)}; {ClopperPearson.TrialsToProveAbsence(here.Failures, here.Cycles):0} clean ones would say that it is this place");
    }

    private static string Regression(InvestigationArm here, InvestigationArm? before) =>
        before is null ? ""
        : before.Failures > 0 && !IsFewer(here, before) ? $"; the release before fails alike ({Say(before)}), so it is not new"
        : IsAbsent(here, before) || IsFewer(here, before) ? $"; the release before does not, or less ({Say(before)}), so it is new"
        : $"; the release before had too few cycles to say ({Say(before)})";

    private static bool IsAbsent(InvestigationArm here, InvestigationArm there) =>
        there.Failures == 0 && there.Cycles >= ClopperPearson.TrialsToProveAbsence(here.Failures, here.Cycles);

    private static bool IsFewer(InvestigationArm here, InvestigationArm there) =>
        new FourfoldTable(here.Failures, here.Cycles, there.Failures, there.Cycles).LogFisherP() < Math.Log(Significance);

    private static Rate Say(InvestigationArm arm) => Wilson.Rate(arm.Failures, arm.Cycles);
}
