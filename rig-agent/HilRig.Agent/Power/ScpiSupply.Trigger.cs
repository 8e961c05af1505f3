using System.Globalization;

namespace HilRig.Agent.Power;

/// <content>The supply cuts by itself, on a line of the board that no host can follow.</content>
public sealed partial class ScpiSupply
{
    private const int WaitingForTrigger = 1 << 5; // of SCPI's operation status

    /// <summary>Arms the trigger input: the output goes off <paramref name="delay"/> after that edge, counted from 1.</summary>
    public async Task ArmAsync(uint edge, TimeSpan delay, CancellationToken cancellationToken)
    {
        var line = FormattableString.Invariant($"ABOR;TRIG:SOUR EXT;TRIG:COUN {edge};TRIG:DEL {delay.TotalSeconds:0.######};INIT;STAT:OPER:COND?");
        if (!IsWaiting(await AskAsync(line, cancellationToken)))
            throw new RigException("power", $"place {place}: supply {address} does not wait for its trigger after INIT; it needs a trigger input (TRIG:SOUR EXT)");
    }

    /// <summary>Whether an armed supply has cut.</summary>
    public async Task<bool> HasFiredAsync(CancellationToken cancellationToken) => !IsWaiting(await AskAsync("STAT:OPER:COND?", cancellationToken));

    public Task DisarmAsync(CancellationToken cancellationToken) => AskAsync("ABOR;STAT:OPER:COND?", cancellationToken);

    private static bool IsWaiting(string condition) =>
        int.TryParse(condition, CultureInfo.InvariantCulture, out var bits) && (bits & WaitingForTrigger) != 0;
}
