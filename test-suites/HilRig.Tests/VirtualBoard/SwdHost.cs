using HilRig.Tests.VirtualBoard.Probe;
using HilRig.VirtualBoard.Kv58;
using HilRig.VirtualBoard.Probe;

namespace HilRig.Tests.VirtualBoard;

/// <summary>SWD's side of a board on hand-turned time: its own probe server and the protocol that pyOCD speaks to it.</summary>
internal sealed class SwdHost : IDisposable
{
    private const uint MdmStatus = 0x01000000, MdmControl = 0x01000004;
    private const uint Dhcsr = 0xE000EDF0, Dcrsr = 0xE000EDF4, Dcrdr = 0xE000EDF8;
    private const uint Wrap = 0x400;

    private readonly CancellationTokenSource stop = new();
    private readonly ProbeServer server;
    private readonly Task serving;
    private readonly ProbeWire wire;

    public SwdHost(BoardUnderTest board)
    {
        server = new ProbeServer(board.Chip, "kv58-t", board.Board.ProbeFaults);
        serving = server.RunAsync(0, stop.Token);
        wire = new ProbeWire(server.Port);
        Status("connect", "DEFAULT");
    }

    /// <summary>Requests answered or refused so far.</summary>
    public int Looks { get; private set; }

    /// <summary>Status bits of the MDM-AP, to be had of a secured chip as well.</summary>
    public uint Mdm => Word("read_ap", MdmStatus);

    /// <summary>IDR of the MDM-AP.</summary>
    public uint MdmIdentification => Word("read_ap", MdmStatus + 0xFC);

    /// <summary>Where the core stands; it is halted for the reading and goes on.</summary>
    public uint ProgramCounter
    {
        get
        {
            Write(Dhcsr, 0xA05F0003);
            Write(Dcrsr, 15);
            var counter = BitConverter.ToUInt32(Array(Dcrdr, 4));
            Write(Dhcsr, 0xA05F0001);
            return counter;
        }
    }

    /// <summary>SRS0 and SRS1.</summary>
    public byte[] ResetCause => Array(0x4007F000, 2);

    /// <summary>Memory past the cache.</summary>
    public byte[] Array(uint address, int length) => Read(address, length, protection: 0x03);

    /// <summary>Memory as the core's cache has it.</summary>
    public byte[] Core(uint address, int length) => Read(address, length, protection: 0x0B);

    /// <summary>Asks for a mass erase; true when the chip acknowledges it.</summary>
    public bool MassErase()
    {
        PowerUp();
        Status("write_ap", MdmControl, 1);
        return (Mdm & 1) != 0;
    }

    /// <summary>Launches an FTFE command as a flash algorithm does: FCCOB0..3, 4..7, 8..B as words, then FSTAT.</summary>
    public void Flash(uint command, uint second = 0xFFFFFFFF, uint third = 0xFFFFFFFF)
    {
        const uint AccErrAndFpViol = 0x30, Ccif = 0x80;
        Write(Ftfe.Base, AccErrAndFpViol);
        Write(Ftfe.Base + 4, command);
        Write(Ftfe.Base + 8, second);
        Write(Ftfe.Base + 12, third);
        Write(Ftfe.Base, Ccif);
    }

    /// <summary>FSTAT.</summary>
    public byte FlashStatus => Array(Ftfe.Base, 1)[0];

    /// <summary>Status of reading a word of flash: 0, or why the probe refuses.</summary>
    public int Try(uint address)
    {
        var status = Status("write_dp", 4u, 0x50000F00u);
        status = status == 0 ? Status("write_ap", ProbeWire.Tar, address) : status;
        return status == 0 ? Status("read_ap", ProbeWire.Drw) : status;
    }

    public int Status(string request, params object[] arguments)
    {
        Looks++;
        return wire.StatusOfAsync(request, arguments).GetAwaiter().GetResult();
    }

    public void Write(uint address, uint value)
    {
        PowerUp();
        wire.PokeAsync(address, value).GetAwaiter().GetResult();
    }

    /// <summary>The answer's status; null when none comes in <paramref name="patience"/> of real time.</summary>
    public int? Ask(string request, TimeSpan patience, params object[] arguments)
    {
        Looks++;
        var answer = wire.StatusOfAsync(request, arguments);
        return Task.WaitAny([answer], patience) == 0 ? answer.Result : null;
    }

    public void Dispose()
    {
        wire.Dispose();
        stop.Cancel();
        serving.GetAwaiter().GetResult();
        server.Dispose();
        stop.Dispose();
    }

    private uint Word(string request, uint address)
    {
        PowerUp();
        return wire.ReadAsync(request, address).GetAwaiter().GetResult();
    }

    /// <summary>Again each time, with sticky errors cleared: a power cycle in between takes the debug domain down.</summary>
    private void PowerUp()
    {
        Status("write_dp", 0u, 0x1Eu);
        Status("write_dp", 4u, 0x50000F00u);
    }

    private byte[] Read(uint address, int length, uint protection)
    {
        PowerUp();
        var (first, end) = (address & ~3u, (address + (uint)length + 3) & ~3u);
        var bytes = new List<byte>();
        for (var at = first; at < end;)
        {
            var count = (Math.Min(end, (at + Wrap) & ~(Wrap - 1)) - at) / 4;
            wire.PointAsync(at, protection: protection).GetAwaiter().GetResult();
            var answer = wire.AskAsync("read_ap_multiple", ProbeWire.Drw, count).GetAwaiter().GetResult();
            if (answer.GetProperty("status").GetInt32() != 0)
                throw new IOException($"SWD at 0x{at:X8}: {answer}");
            foreach (var word in answer.GetProperty("result").EnumerateArray())
                bytes.AddRange(BitConverter.GetBytes(word.GetUInt32()));
            at += count * 4;
        }
        return [.. bytes.Skip((int)(address - first)).Take(length)];
    }
}
