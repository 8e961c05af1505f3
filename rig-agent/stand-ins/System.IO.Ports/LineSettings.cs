using Microsoft.Win32.SafeHandles;

namespace System.IO.Ports;

/// <summary>What a port is set to, and how that reads as <c>termios</c>.</summary>
internal sealed record LineSettings(int BaudRate, Parity Parity, int DataBits, StopBits StopBits, Handshake Handshake)
{
    // c_cflag and c_iflag, octal in termios(3).
    private const uint CharacterSize = 0x30, TwoStopBits = 0x40, Receiver = 0x80, ParityEnable = 0x100, ParityOdd = 0x200, IgnoreModem = 0x800;
    private const uint StickParity = 0x4000_0000, HardwareFlow = 0x8000_0000;
    private const uint SoftwareFlow = 0x400 | 0x1000; // IXON | IXOFF
    private const int VTime = 5, VMin = 6;

    /// <summary>Puts the line into raw mode with these settings.</summary>
    /// <exception cref="ArgumentException">The driver does not have them (a speed that is none of the B constants, say).</exception>
    public void Apply(SafeFileHandle port, string name)
    {
        if (Libc.GetSettings(port, out var termios) < 0)
            throw Failures.Io(name, "is no serial line");
        Libc.MakeRaw(ref termios);
        termios.Control &= ~(CharacterSize | TwoStopBits | ParityEnable | ParityOdd | StickParity | HardwareFlow);
        termios.Control |= ((uint)(DataBits - 5) << 4) | IgnoreModem | Receiver | ParityFlags() | (StopBits == StopBits.One ? 0 : TwoStopBits);
        termios.Control |= Handshake is Handshake.RequestToSend or Handshake.RequestToSendXOnXOff ? HardwareFlow : 0;
        termios.Input |= Handshake is Handshake.XOnXOff or Handshake.RequestToSendXOnXOff ? SoftwareFlow : 0;
        // One byte at least: a read of 0 bytes then means a hang-up and nothing else.
        termios.Characters[VMin] = 1;
        termios.Characters[VTime] = 0;
        if (Libc.SetSpeed(ref termios, (uint)BaudRate) < 0 || Libc.SetSettings(port, 0, termios) < 0)
            throw new ArgumentException($"serial port {name}: the driver does not accept {this}");
    }

    private uint ParityFlags() => Parity switch
    {
        Parity.None => 0,
        Parity.Odd => ParityEnable | ParityOdd,
        Parity.Even => ParityEnable,
        Parity.Mark => ParityEnable | ParityOdd | StickParity,
        _ => ParityEnable | StickParity,
    };
}
