using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;

namespace HilRig.Analysis.Reproducers;

/// <summary>The shortest way found to see a failure again.</summary>
/// <param name="Kept">Its steps and values.</param>
/// <param name="Steps">Steps with the failing one, without those that clean the board.</param>
/// <param name="Belief">How far it is believed to be the shortest; null where the budget ended before.</param>
/// <param name="Proof">Fresh cycles of it.</param>
/// <param name="Without">Fresh cycles of the failing step alone, drawn among them; none where it needs nothing before it.</param>
/// <param name="Evidence">The e-value of the steps being what it needs: 20 confirm at 95 %.</param>
/// <param name="Cycles">Cycles spent in all.</param>
public sealed record Reproducer(Candidate Kept, int Steps, double? Belief, Rate Proof, Rate Without, double Evidence, int Cycles)
{
    /// <summary>As in <c>fails 37 of 40 in 2 steps</c>.</summary>
    public string Sentence => $"fails {Proof.Failures} of {Proof.Trials} in {Steps} {(Steps == 1 ? "step" : "steps")}";

    /// <summary>What the drawn cycles without the steps say; null where it needs none.</summary>
    public string? Confirmation => Without.Trials == 0 ? null
        : $"without them {Without.Failures} of {Without.Trials}, drawn cycle by cycle: {(Evidence >= TwoArms.Confirmed ? "confirmed at 95 %" : "not confirmed")} (e = {Evidence:0.#}, {TwoArms.Confirmed} needed)";
}
