using HilRig.Agent.Probe;

namespace HilRig.Agent.Power;

/// <summary>
/// Cuts and restores a board's power by whatever switches it. <em>Off</em> is a measured fact: the supply's reading or, where the
/// switch measures nothing, the probe that no longer sees the chip. Without it the cut counts as not performed.
/// </summary>
public sealed class BoardPower(string place, IPowerSwitch power, PyOcdProbe probe, TimeProvider time)
{
    /// <summary>Below this the board is off; it resets below 1.71 V (KV58 data sheet, V_DD minimum).</summary>
    private const double OffVolts = 0.5;

    /// <summary>The KV58 needs 1.71 V (data sheet, V_DD minimum).</summary>
    private const double OnVolts = 1.71;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>The switch in words.</summary>
    public string Name => power.Name;

    /// <summary>The run itself took the power away and has not given it back.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Whether a reading is enough for the board to run.</summary>
    public static bool IsOn(double volts) => volts >= OnVolts;

    public Task<double?> MeasureVoltsAsync(CancellationToken cancellationToken) => power.MeasureVoltsAsync(cancellationToken);

    /// <summary>Takes the power away; returns when that is a fact, throws <see cref="CutNotPerformedException"/> when it does not become one.</summary>
    public async Task CutAsync(CancellationToken cancellationToken)
    {
        await power.SwitchAsync(PowerState.Off, cancellationToken);
        var last = "";
        var isOff = await BecomesTrueAsync(async () =>
        {
            if (await power.MeasureVoltsAsync(cancellationToken) is { } volts)
            {
                last = FormattableString.Invariant($"it still measures {volts:0.00} V");
                return volts < OffVolts;
            }
            last = $"it measures nothing, and probe {probe.Uid} still sees the chip";
            return !await probe.SeesTargetAsync(cancellationToken);
        }, cancellationToken);
        IsTaken = isOff;
        if (!isOff)
            throw new CutNotPerformedException(place, $"{power.Name} was switched off, and {Policies.PowerSettles.TotalSeconds:0} s later {last}; check what it switches");
    }

    /// <summary>Gives power back and waits until the reading says so; where nothing is measured, the next use of the probe will tell.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        await power.SwitchAsync(PowerState.On, cancellationToken);
        IsTaken = false;
        double? last = null;
        if (!await BecomesTrueAsync(async () => (last = await power.MeasureVoltsAsync(cancellationToken)) is not { } volts || IsOn(volts), cancellationToken))
            throw new RigException("power", FormattableString.Invariant($"place {place}: {power.Name} was switched on and measures {last:0.00} V after {Policies.PowerSettles.TotalSeconds:0} s; check its output and wiring"));
    }

    private async Task<bool> BecomesTrueAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(began) > Policies.PowerSettles)
                return false;
            await Task.Delay(Poll, time, cancellationToken);
        }
        return true;
    }
}
