namespace HilRig.Bench.Histories;

/// <summary>What a drawn night is made of; the rates of the rig's own troubles are those of <c>statistics.md</c> §3.1.</summary>
public sealed record NightPlan
{
    public int Boards { get; init; } = 12;

    public int Agents { get; init; } = 4;

    public double Hours { get; init; } = 3;

    public int Nights { get; init; } = 1;

    /// <summary>Picks the release of a cycle from the night (1-based) and a draw of 0 to 1.</summary>
    public Func<int, double, string> Release { get; init; } = (_, _) => "R1";

    public IReadOnlyList<InjectedFault> Faults { get; init; } = [];

    /// <summary>Bursts of silence on an agent, a ten-hour night.</summary>
    public double BurstsPerAgent { get; init; } = 0.15;

    /// <summary>Bursts on the first agent only, a ten-hour night, on top of the others.</summary>
    public double BurstsOnFirstAgent { get; init; }

    /// <summary>Outages of the whole rig, a ten-hour night.</summary>
    public double Outages { get; init; } = 0.1;

    /// <summary>Chance of a single silence of the rig, a step.</summary>
    public double Blips { get; init; } = 5e-5;

    /// <summary>Chance of a strange answer without a cause, a step.</summary>
    public double Noise { get; init; } = 1e-5;

    /// <summary>Share of the rig's troubles that the rig notices itself, bursts and blips.</summary>
    public (double Bursts, double Blips) Witnessed { get; init; } = (0.85, 0.7);

    /// <summary>Share of the night after which board b01 stops, 1 for never.</summary>
    public double FirstBoardStops { get; init; } = 1;

    /// <summary>Share of cycles that update twice without a reset between, all others resetting after their update; null for all sequences alike.</summary>
    public double? ShareOfDoubleUpdates { get; init; }

    /// <summary>The sequences that a night is drawn from; null for the generator's own twelve.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Sequences { get; init; }
}
