using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.Tests.VirtualBoard;

/// <summary>A whole board on hand-turned time, met at its byte seam: no thread, no terminal, the same bytes every time.</summary>
internal sealed class BoardUnderTest : IDisposable
{
    private readonly HandTurnedTime time = new();
    private readonly StringWriter log = new();
    private readonly List<byte> output = [];
    private SwdHost? swd;

    public BoardUnderTest(bool dcache = false, byte[]? application = null, BoardOptions? options = null, byte[]? bootloader = null)
    {
        Board = new Board(options ?? new BoardOptions { Name = "kv58-t" }, time, new BoardLog(log, "kv58-t"));
        Board.Install(bootloader ?? FirmwareImage.BuildBootloader(Release.Default(dcache)), KvMap.FlashStart);
        if (application is not null)
            Board.Install(application, KvMap.ApplicationStart);
        Board.Supply.Switch(true);
    }

    public Board Board { get; }

    public Kv58Chip Chip => Board.Chip;

    /// <summary>The debugger's side; its probe server starts when it is first asked for.</summary>
    public SwdHost Swd => swd ??= new SwdHost(this);

    /// <summary>How often a host sent something, and a debugger asked something.</summary>
    public int HostLooks { get; private set; }

    public int SwdLooks => swd?.Looks ?? 0;

    public string Log => log.ToString();

    /// <summary>How much later than at its deadlines the board is attended to, as on a machine that is busy.</summary>
    public TimeSpan Lateness { get; set; }

    /// <summary>Rate the host's port is set to; 0 says nothing.</summary>
    public int Baud { get; set; } = 57600;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        HostLooks++;
        Board.HostSends(bytes, Baud);
        Collect();
    }

    /// <summary>Time passes while nobody attends to the board, as on a machine that is too busy to run it.</summary>
    public void Neglect(TimeSpan duration) => time.Advance(duration.Ticks);

    /// <summary>Lets time pass, stopping at every deadline on the way.</summary>
    public void Run(TimeSpan duration)
    {
        for (var end = Board.Now + duration.Ticks; ;)
        {
            Board.Advance();
            Collect();
            var next = Math.Min(Board.NextDeadline, end);
            if (Board.Now >= end)
                return;
            time.Advance(Math.Max(1, next - Board.Now));
        }
    }

    /// <summary>The next bytes for the host, letting up to <paramref name="patience"/> (20 s) pass; fewer when none come.</summary>
    public byte[] Receive(int count, TimeSpan? patience = null)
    {
        for (var end = Board.Now + (patience ?? TimeSpan.FromSeconds(20)).Ticks; output.Count < count && Board.Now < end;)
        {
            var next = Math.Min(Board.NextDeadline, end);
            time.Advance(Math.Max(1, next - Board.Now + Lateness.Ticks));
            Board.Advance();
            Collect();
        }
        var taken = output.Take(count).ToArray();
        output.RemoveRange(0, taken.Length);
        return taken;
    }

    /// <summary>Everything that came and was not taken.</summary>
    public byte[] Drain()
    {
        var taken = output.ToArray();
        output.Clear();
        return taken;
    }

    /// <summary>Flash as SWD sees it past the cache.</summary>
    public byte[] Array(uint address, int length) => Read(address, length, BusView.Array);

    /// <summary>Memory as the core sees it, a debugger's cacheable access.</summary>
    public byte[] CoreView(uint address, int length) => Read(address, length, BusView.Core);

    public void Dispose()
    {
        swd?.Dispose();
        log.Dispose();
    }

    private byte[] Read(uint address, int length, BusView view)
    {
        var bytes = new byte[length];
        for (var index = 0; index < length; index++)
        {
            if (!Chip.TryRead(address + (uint)index, 1, view, out var value))
                throw new InvalidOperationException($"bus fault at 0x{address + (uint)index:X8}");
            bytes[index] = (byte)value;
        }
        return bytes;
    }

    private void Collect()
    {
        Span<byte> part = stackalloc byte[256];
        for (int count; (count = Board.TakeForHost(part)) > 0;)
            output.AddRange(part[..count]);
    }
}
