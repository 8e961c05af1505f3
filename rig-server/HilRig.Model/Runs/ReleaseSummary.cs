using HilRig.Model.Flags;

namespace HilRig.Model.Runs;

/// <summary>What is known of one release.</summary>
/// <param name="Cycles">Failed of the cycles that count, by the rules of a sign-off.</param>
/// <param name="Voided">Cycles that do not count.</param>
/// <param name="ProductFlags">Claims against the product.</param>
public sealed record ReleaseSummary(string Release, int Runs, Rate Cycles, long Voided, int ProductFlags, DateTimeOffset FirstRun, DateTimeOffset LastRun);
