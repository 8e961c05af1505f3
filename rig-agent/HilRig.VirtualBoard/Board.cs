using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Faults;
using HilRig.VirtualBoard.Kv58;
using HilRig.VirtualBoard.Power;

namespace HilRig.VirtualBoard;

/// <summary>
/// A board: chip, supply and serial line, without the doors to the outside. Bytes go in by <see cref="HostSends"/> and
/// come out by <see cref="TakeForHost"/>; time moves by <see cref="Advance"/>. Everything under the chip's gate.
/// </summary>
public sealed class Board
{
    private readonly LineDirection toDevice;
    private readonly LineDirection toHost;
    private readonly BoardClock clock;
    private int hostBaud;

    public Board(BoardOptions options, TimeProvider time, BoardLog? log = null)
    {
        clock = new BoardClock(time, options.Speed);
        Chip = new Kv58Chip(
            new ChipOptions(options.Name, options.Seed, clock, time, options.Cache, log, options.HasEcc, options.MdmIdentification),
            new FirmwareLoader(options.Firmware, log));
        Supply = new Supply(Chip);
        List<ILineFault> faultsIn = [], faultsOut = [];
        List<ProbeFault> probeFaults = [];
        FaultCatalog.Attach(options.Faults, options.Seed, chance => new FaultSite(Chip, Supply, faultsIn, faultsOut, probeFaults, chance));
        ProbeFaults = new ProbeFaults(probeFaults);
        toDevice = new LineDirection(clock, options.Baud, faultsIn);
        toHost = new LineDirection(clock, options.Baud, faultsOut);
        Chip.Uart.Sent = Transmit;
    }

    public Kv58Chip Chip { get; }

    public Supply Supply { get; }

    public ProbeFaults ProbeFaults { get; }

    /// <summary>When <see cref="Advance"/> next has work without a byte; <see cref="BoardClock.Never"/> if never.</summary>
    public long NextDeadline => Math.Min(Chip.NextDeadline, Math.Min(toDevice.NextBurst, toHost.NextBurst));

    public long Now => clock.Now;

    /// <summary>Puts an image into flash as a factory would, before the board first starts.</summary>
    public void Install(ReadOnlySpan<byte> image, uint address)
    {
        var first = (int)(address - KvMap.FlashStart);
        for (var sector = first / FlashArray.SectorSize; sector * FlashArray.SectorSize < first + image.Length; sector++)
            Chip.Ftfe.Array.EraseSector(sector);
        Chip.Ftfe.Array.Place(first, image);
    }

    /// <summary>Bytes from the host, at the rate its port is set to (0: unknown, and never wrong).</summary>
    public void HostSends(ReadOnlySpan<byte> bytes, int baud = 0)
    {
        hostBaud = baud;
        toDevice.Put(bytes, toHost.Lateness);
        Advance();
    }

    /// <summary>
    /// Brings everything up to now, each byte as of the moment it arrived. What has arrived goes in before a budget may run out: when this machine was late, the
    /// host must not be blamed for it.
    /// </summary>
    public void Advance()
    {
        try
        {
            for (var now = clock.Now; toDevice.TryTake(now, out var value, out var due);)
            {
                clock.StandAt(due);
                Chip.Firmware.HasMoreBytes = toDevice.NextDue <= now;
                Chip.Receive(new ReceivedByte(value, due, hostBaud));
            }
        }
        finally
        {
            clock.GoOn();
        }
        Chip.Advance();
    }

    /// <summary>Bytes for the host whose time on the wire is over; returns how many.</summary>
    public int TakeForHost(Span<byte> to)
    {
        var count = 0;
        for (var now = clock.Now; count < to.Length && toHost.TryTake(now, out var value, out _); count++)
            to[count] = value;
        return count;
    }

    /// <summary>A host whose rate is not the board's samples between the bits and takes other bytes than were sent.</summary>
    private void Transmit(ReadOnlyMemory<byte> bytes)
    {
        if (Chip.Uart.CanRead(hostBaud))
        {
            toHost.Put(bytes.Span);
            return;
        }
        var bent = bytes.ToArray();
        for (var index = 0; index < bent.Length; index++)
            bent[index] = (byte)((bent[index] >> 1) | 0x80);
        toHost.Put(bent);
    }
}
