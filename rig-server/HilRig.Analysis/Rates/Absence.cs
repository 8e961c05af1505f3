namespace HilRig.Analysis.Rates;

/// <summary>Whether a release that had none of a failure had the trials to show it, at the lower bound of its rate elsewhere.</summary>
/// <param name="Trials">Clean ones, of those that could have shown it.</param>
/// <param name="Needed">So many exclude it at 95 %.</param>
internal sealed record Absence(long Trials, double Needed)
{
    /// <param name="failures">Of the release that fails, in trials like the clean ones.</param>
    /// <param name="of">Those trials.</param>
    public static Absence Of(long trials, int failures, int of) => new(trials, ClopperPearson.TrialsToProveAbsence(failures, of));

    public bool IsProven => Trials >= Needed;

    /// <summary>What it says of a failure that came after it.</summary>
    public string OfNew(string release) => IsProven
        ? $"New: {release} had none in {Trials} trials."
        : $"New? {release} had none in {Trials} trials; {Needed:0} are needed to say so.";

    /// <summary>What it says of a failure that came before it, where it is proven.</summary>
    /// <param name="when">The condition under which it failed, in words; empty for none.</param>
    public string OfRecovered(string release, int failures, int of, string when = "") =>
        $"Recovered: {release} failed {failures} of {of}{when}; here 0 of {Trials} trials that could have shown it, where {Needed:0} are needed to say so.";
}
