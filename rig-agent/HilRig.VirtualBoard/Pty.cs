using System.Runtime.InteropServices;
using System.Text;

namespace HilRig.VirtualBoard;

/// <summary>
/// A pseudo-terminal whose master side is the board's UART pins. A slave descriptor of our own stays open, so that the
/// line exists while nobody has it open, and raw mode is set before anybody can.
/// </summary>
public sealed unsafe class Pty : IDisposable
{
    /// <summary>B57600, the hosts' default, for a client that sets no rate.</summary>
    private const uint DefaultSpeed = 0x1001;

    private readonly int master;
    private readonly int slave;
    private readonly int wake;

    public Pty()
    {
        master = Check(Libc.OpenPty(Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenCloseOnExec | Libc.OpenNonBlocking), "posix_openpt");
        Check(Libc.GrantPty(master), "grantpt");
        Check(Libc.UnlockPty(master), "unlockpt");
        var name = stackalloc byte[128];
        Check(Libc.PtyName(master, name, 128), "ptsname_r");
        Path = Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        slave = Check(Libc.Open(Path, Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenCloseOnExec), "open");
        var terminal = new Libc.Terminal();
        Check(Libc.GetTerminal(slave, ref terminal), "tcgetattr");
        Libc.MakeRaw(ref terminal);
        Libc.SetSpeed(ref terminal, DefaultSpeed);
        Check(Libc.SetTerminal(slave, 0, ref terminal), "tcsetattr");
        wake = Check(Libc.EventFile(0, Libc.OpenCloseOnExec | Libc.OpenNonBlocking), "eventfd");
    }

    /// <summary>The device a client opens, for example <c>/dev/pts/3</c>.</summary>
    public string Path { get; }

    /// <summary>The rate the client has set; 0 when it is B0 or none we know.</summary>
    public int ClientBaud
    {
        get
        {
            var terminal = new Libc.Terminal();
            return Libc.GetTerminal(master, ref terminal) == 0 ? BaudOf(Libc.OutputSpeed(ref terminal)) : 0;
        }
    }

    /// <summary>Waits until the client sent something, <see cref="Wake"/> was called, or the time is over.</summary>
    public void Wait(TimeSpan timeout)
    {
        var entries = stackalloc Libc.PollEntry[2];
        entries[0] = new Libc.PollEntry { File = master, Wanted = Libc.PollIn };
        entries[1] = new Libc.PollEntry { File = wake, Wanted = Libc.PollIn };
        var limit = new Libc.TimeSpec { Seconds = (nint)timeout.TotalSeconds, Nanoseconds = (nint)(timeout.Ticks % TimeSpan.TicksPerSecond * 100) };
        if (Libc.Poll(entries, 2, timeout == Timeout.InfiniteTimeSpan ? null : &limit, null) > 0 && entries[1].Happened != 0)
        {
            ulong count;
            Libc.Read(wake, (byte*)&count, sizeof(ulong));
        }
    }

    /// <summary>Lets this thread's waits end on time: by default the kernel adds up to 50 us to each, 2 % of a packet at 115,200 baud.</summary>
    public static void WaitPunctually() => _ = Libc.ControlThread(Libc.SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Ends <see cref="Wait"/> from another thread.</summary>
    public void Wake()
    {
        var one = 1UL;
        Libc.Write(wake, (byte*)&one, sizeof(ulong));
    }

    /// <summary>What the client sent, without waiting; 0 if nothing.</summary>
    public int Read(Span<byte> to)
    {
        fixed (byte* start = to)
            return Math.Max(0, (int)Libc.Read(master, start, to.Length));
    }

    /// <summary>Sends to the client. Bytes that its buffer cannot take are lost, as on a wire that nobody reads.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            Libc.Write(master, start, bytes.Length);
    }

    public void Dispose()
    {
        Libc.Close(slave);
        Libc.Close(master);
        Libc.Close(wake);
    }

    /// <summary>The Bxxx codes of Linux.</summary>
    private static int BaudOf(uint code) => code switch
    {
        7 => 300,
        9 => 1200,
        11 => 2400,
        12 => 4800,
        13 => 9600,
        14 => 19200,
        15 => 38400,
        0x1001 => 57600,
        0x1002 => 115200,
        0x1003 => 230400,
        0x1004 => 460800,
        _ => 0,
    };

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new RigException($"no pseudo-terminal: {call} failed with error {Marshal.GetLastPInvokeError()}; is /dev/ptmx there and are there free terminals?");
}
