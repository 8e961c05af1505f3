using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Power;

/// <summary>The bench supply and the two lines that a lab wires beside it: nRESET and the boot pin.</summary>
public sealed class Supply(Kv58Chip chip)
{
    /// <summary>Volts of the rail when on.</summary>
    public const double Nominal = 3.3;

    /// <summary>Volts that the supply gives at most.</summary>
    public const double Highest = 3.6;

    /// <summary>Below this the low-voltage detector holds the chip in reset.</summary>
    public const double LowVoltageDetect = 2.56;

    private bool isInterrupted;
    private double sag;

    /// <summary>Volts that the output is set to.</summary>
    public double Level { get; private set; } = Nominal;

    /// <summary>What the output was last told; the rail may differ when the supply is faulty.</summary>
    public bool IsOn { get; private set; }

    /// <summary>A relay that no longer moves: the rail stays on or off whatever is asked. Null moves.</summary>
    public bool? StuckAt { get; set; }

    /// <summary>Volts at the board.</summary>
    public double Voltage => HasRail ? Math.Max(0, Level - sag) : 0;

    /// <summary>Amperes: a running core, and more while flash is being changed.</summary>
    public double Current => !chip.IsPowered ? 0 : (chip.Core.IsRunning ? 0.042 : 0.018) + (chip.Ftfe.IsBusy ? 0.011 : 0);

    /// <summary>Bit 0: the boot pin is held low; bit 1: nRESET is.</summary>
    public int Lines => (chip.IsBootPinLow ? 1 : 0) | (chip.IsHeldInReset ? 2 : 0);

    private bool HasRail => (StuckAt ?? IsOn) && !isInterrupted;

    public void Switch(bool on)
    {
        IsOn = on;
        Settle();
        chip.Advance();
    }

    /// <summary>Sets the voltage; below the detector's threshold the chip is held in reset.</summary>
    public void Set(double volts)
    {
        Level = volts;
        Settle();
        chip.Advance();
    }

    /// <summary>The rail goes away and comes back after <paramref name="duration"/>; null waits for the output to be switched.</summary>
    public void Interrupt(TimeSpan? duration)
    {
        isInterrupted = true;
        Settle();
        if (duration is { } back)
            chip.Timers.At(chip.Clock.After(back), End);
    }

    /// <summary>The rail sags by <paramref name="volts"/> for a while; below the detector's threshold the chip resets.</summary>
    public void Sag(double volts, TimeSpan duration)
    {
        sag = volts;
        Settle();
        chip.Timers.At(chip.Clock.After(duration), () =>
        {
            sag = 0;
            Settle();
        });
    }

    /// <summary>Bit 0 holds the boot pin low, bit 1 holds nRESET low.</summary>
    public void DriveLines(int lines)
    {
        chip.IsBootPinLow = (lines & 1) != 0;
        chip.DrivePinReset((lines & 2) != 0);
    }

    private void End()
    {
        isInterrupted = false;
        Settle();
    }

    private void Settle()
    {
        if (!IsOn)
            isInterrupted = false;
        chip.SetPower(HasRail && Voltage > LowVoltageDetect);
    }
}
