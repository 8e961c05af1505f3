using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Power;

/// <summary>The bench supply and the two lines that a lab wires beside it: nRESET and the boot pin.</summary>
public sealed class Supply(Kv58Chip chip)
{
    /// <summary>Volts of the rail when on.</summary>
    public const double Nominal = 3.3;

    /// <summary>What the output was last told; the rail may differ when the supply is faulty.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Volts at the board.</summary>
    public double Voltage => chip.IsPowered ? Nominal : 0;

    /// <summary>Amperes: a running core, and more while flash is being changed.</summary>
    public double Current => !chip.IsPowered ? 0 : (chip.Core.IsRunning ? 0.042 : 0.018) + (chip.Ftfe.IsBusy ? 0.011 : 0);

    public void Switch(bool on)
    {
        IsOn = on;
        chip.SetPower(on);
        chip.Advance();
    }

    /// <summary>Bit 0 holds the boot pin low, bit 1 holds nRESET low.</summary>
    public void DriveLines(int lines)
    {
        chip.IsBootPinLow = (lines & 1) != 0;
        chip.DrivePinReset((lines & 2) != 0);
    }

    public int Lines => (chip.IsBootPinLow ? 1 : 0) | (chip.IsHeldInReset ? 2 : 0);
}
