namespace HilRig.Bench.Histories;

/// <summary>All that a fault may depend on when a step begins: the truth, of which a history tells only part.</summary>
/// <param name="Progress">Share of the night that is over, 0 to 1.</param>
/// <param name="ErasedRegionSinceUpdate">An erase_region since the last successful update.</param>
/// <param name="SessionLuck">Drawn anew at each scripted power cycle, 0 to 1.</param>
public readonly record struct Situation(
    string Release,
    string Agent,
    string Board,
    int BoardNumber,
    string Step,
    int Size,
    int Baud,
    int UpdatesSinceReset,
    int CyclesSincePower,
    string LastReset,
    bool SameImage,
    bool ErasedRegionSinceUpdate,
    double SessionLuck,
    double Progress);

/// <summary>A cause that is injected: on one kind of step it fails with one code, with a chance that the situation decides.</summary>
/// <param name="Code">Status code, or TIMEOUT for a hang.</param>
public sealed record InjectedFault(string Step, string Code, Func<Situation, double> Chance);
