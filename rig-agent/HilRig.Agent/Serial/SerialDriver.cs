namespace HilRig.Agent.Serial;

/// <summary>Which code talks to the tty (<c>serial.driver</c> of a place).</summary>
public enum SerialDriver
{
    /// <summary><see cref="Termios"/> on Linux, <see cref="SystemIoPorts"/> elsewhere.</summary>
    Automatic,

    /// <summary>The kernel's own calls: about 0.02 ms a round trip. Linux only.</summary>
    Termios,

    /// <summary>The package System.IO.Ports: about 1 to 2 ms a round trip on Linux.</summary>
    SystemIoPorts,
}
