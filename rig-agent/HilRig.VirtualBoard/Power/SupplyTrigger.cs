using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Power;

/// <summary>What fires an armed supply.</summary>
public enum TriggerSource
{
    /// <summary>The command *TRG.</summary>
    Bus,

    /// <summary>The board's trigger line.</summary>
    External,
}

/// <summary>
/// The supply's trigger input: once armed, it counts rising edges of the board's trigger line and switches the output off a
/// set time after the one that was asked for. The board raises the line for as long as a flash operation runs, as a
/// bootloader does that drives a free pin around its FTFE commands.
/// </summary>
public sealed class SupplyTrigger
{
    private readonly Supply supply;
    private readonly Kv58Chip chip;
    private int edges;

    public SupplyTrigger(Supply supply, Kv58Chip chip)
    {
        this.supply = supply;
        this.chip = chip;
        chip.Ftfe.Launched += _ => Rise();
    }

    public TriggerSource Source { get; set; }

    /// <summary>The edge that fires, counted from 1 after <see cref="Arm"/>.</summary>
    public int Count { get; set; } = 1;

    /// <summary>From that edge to the cut, on the supply's own clock.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Armed and not fired yet.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>The level of the line.</summary>
    public bool IsLineHigh => chip.IsPowered && chip.Ftfe.IsBusy;

    public void Arm() => (IsWaiting, edges) = (true, 0);

    public void Disarm() => IsWaiting = false;

    public void Reset()
    {
        Disarm();
        (Source, Count, Delay) = (TriggerSource.Bus, 1, TimeSpan.Zero);
    }

    /// <summary>Fires at once, whatever the source.</summary>
    public void Fire()
    {
        if (!IsWaiting)
            return;
        IsWaiting = false;
        chip.Timers.At(chip.Clock.After(Delay), () => supply.Switch(false));
        chip.Advance();
    }

    private void Rise()
    {
        if (IsWaiting && Source == TriggerSource.External && ++edges == Count)
            Fire();
    }
}
