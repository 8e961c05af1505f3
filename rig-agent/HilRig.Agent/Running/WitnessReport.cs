using HilRig.Agent.Places;

namespace HilRig.Agent.Running;

/// <summary>What the sources that are not the bootloader say at the moment of a failure.</summary>
/// <param name="SupplyIsOn">True also where nothing measures the supply.</param>
public sealed record WitnessReport(bool ProbeAnswers, bool SupplyIsOn, bool CoreIsLockedUp, string InWords)
{
    /// <summary>Debug Halting Control and Status Register; bit 19 is S_LOCKUP (Armv7-M ARM, C1.6.2).</summary>
    private const uint Dhcsr = 0xE000EDF0;

    private const uint LockupBit = 1u << 19;

    private const double OnVolts = 1.71;

    /// <summary>Asks supply and probe; neither answer is ever an exception here.</summary>
    public static async Task<WitnessReport> AskAsync(Bench bench, CancellationToken cancellationToken)
    {
        var words = new List<string>();
        var supplyIsOn = true;
        if (bench.Supply is { } supply)
        {
            try
            {
                var volts = await supply.MeasureVoltsAsync(cancellationToken);
                supplyIsOn = volts >= OnVolts;
                words.Add($"the supply measures {volts:0.00} V");
            }
            catch (Exception exception)
            {
                supplyIsOn = false;
                words.Add(exception.Message);
            }
        }

        try
        {
            var dhcsr = await bench.Probe.ReadWordAsync(Dhcsr, cancellationToken);
            var isLockedUp = (dhcsr & LockupBit) != 0;
            words.Add(isLockedUp ? "SWD sees the core locked up" : "SWD sees the core alive");
            return new WitnessReport(true, supplyIsOn, isLockedUp, string.Join(", ", words));
        }
        catch (Exception exception)
        {
            words.Add($"the probe does not answer ({exception.Message})");
            return new WitnessReport(false, supplyIsOn, false, string.Join(", ", words));
        }
    }
}
