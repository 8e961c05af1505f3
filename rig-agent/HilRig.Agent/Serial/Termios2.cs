using System.Runtime.InteropServices;

namespace HilRig.Agent.Serial;

/// <summary>The kernel's <c>struct termios2</c>: unlike glibc's, it takes any rate a driver can make, not a list of them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Termios2
{
    private const uint DataBits8 = 0x30;
    private const uint Receiver = 0x80;
    private const uint IgnoreModemLines = 0x800;
    private const uint RateIsANumber = 0x1000;
    private const int MinimumBytes = 6;
    private const int IntervalTimer = 5;

    private uint inputFlags;
    private uint outputFlags;
    private uint controlFlags;
    private uint localFlags;
    private byte line;
    private fixed byte controlCharacters[19];
    private uint inputSpeed;
    private uint outputSpeed;

    public readonly uint Baud => outputSpeed;

    /// <summary>
    /// Raw bytes, 8N1, no flow control. HUPCL stays off, so that closing the port does not drop DTR, which resets some boards.
    /// VMIN is 1: with 0, an empty read returns 0 and cannot be told from a hang-up.
    /// </summary>
    public void MakeRaw(int baud)
    {
        inputFlags = 0;
        outputFlags = 0;
        localFlags = 0;
        controlFlags = DataBits8 | Receiver | IgnoreModemLines | RateIsANumber;
        inputSpeed = (uint)baud;
        outputSpeed = (uint)baud;
        controlCharacters[MinimumBytes] = 1;
        controlCharacters[IntervalTimer] = 0;
    }
}
