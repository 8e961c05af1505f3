using HilRig.VirtualBoard.Kv58;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>The memories of a KV58 and nothing else: flash that holds a vector table and a D-cache that is one dictionary.</summary>
internal sealed class BareChip : IDebugTarget
{
    public const uint Flash = 0x10000000;
    public const uint ResetHandler = 0x10000411;
    public const uint InitialStack = 0x20020000;

    private readonly (uint Base, byte[] Bytes)[] memories =
    [
        (0x00000000, new byte[0x10000]),
        (Flash, new byte[0x100000]),
        (0x20000000, new byte[0x20000]),
        (0x2F000000, new byte[0x10000]),
    ];

    private readonly Dictionary<uint, uint> systemControl = new()
    {
        [0xE000ED08] = Flash, // VTOR
        [0xE000ED14] = 0x00010200, // CCR.DC
        [0xE000ED78] = 0x09000003, // CLIDR
    };

    public BareChip(TimeProvider? time = null)
    {
        Core = new CoreDebug(this, time ?? TimeProvider.System);
        FlashBytes.AsSpan().Fill(0xFF);
        BitConverter.TryWriteBytes(FlashBytes.AsSpan(0), InitialStack);
        BitConverter.TryWriteBytes(FlashBytes.AsSpan(4), ResetHandler);
        Reset(ResetCause.PowerOn);
    }

    public Lock Gate { get; } = new();

    public byte[] FlashBytes => memories[1].Bytes;

    /// <summary>Bytes by address that the core sees in place of the array's.</summary>
    public Dictionary<uint, byte> Cached { get; } = [];

    /// <summary>A word where nothing answers.</summary>
    public uint? Hole { get; set; }

    public List<ResetCause> Resets { get; } = [];

    public bool IsPowered { get; private set; } = true;

    public bool IsHeldInReset { get; private set; }

    public bool IsSecured { get; set; }

    public bool IsMassEraseEnabled { get; set; } = true;

    public bool IsBackdoorEnabled { get; set; }

    public uint MdmIdentification => CoreIdentification.MdmAccessPort;

    public bool IsFlashReady { get; set; } = true;

    public CoreDebug Core { get; }

    public bool TryRead(uint address, int size, BusView view, out uint value)
    {
        if (address >> 20 == 0xE00) return TryReadRegister(address, size, out value);
        value = 0;
        if (address == Hole || Find(address) is not { } bytes) return false;
        var showsCache = view == BusView.Core && Cached.Count > 0;
        for (var i = 0; i < size; i++)
            value |= (uint)(showsCache && Cached.TryGetValue(address + (uint)i, out var cached) ? cached : bytes[i]) << i * 8;
        return true;
    }

    public int ReadWords(uint address, Span<uint> words, BusView view)
    {
        var count = 0;
        while (count < words.Length && TryRead(address + (uint)count * 4, 4, view, out words[count])) count++;
        return count;
    }

    public bool TryWrite(uint address, int size, uint value, BusView view)
    {
        if (address >> 20 == 0xE00) return size == 4 && TryWriteRegister(address, value);
        if (Find(address) is not { } bytes || address >> 20 == Flash >> 20) return false;
        for (var i = 0; i < size; i++) bytes[i] = (byte)(value >> i * 8);
        return true;
    }

    public void DrivePinReset(bool low)
    {
        IsHeldInReset = low;
        if (low) Core.EnterReset();
        else Reset(ResetCause.Pin);
    }

    public void Reset(ResetCause cause)
    {
        Resets.Add(cause);
        Core.OnReset(cause, Flash);
    }

    public void MassErase()
    {
        FlashBytes.AsSpan().Fill(0xFF);
        FlashBytes[0x40C] = 0xFE;
        IsSecured = false;
    }

    public void SetPower(bool on)
    {
        lock (Gate)
        {
            IsPowered = on;
            if (on) Reset(ResetCause.PowerOn);
            else Core.EnterReset();
        }
    }

    private bool TryReadRegister(uint address, int size, out uint value)
    {
        var word = address & ~3u;
        if (!systemControl.TryGetValue(word, out value) && !Core.TryReadRegister(word, out value)) return false;
        value = value >> (int)(address & 3) * 8 & (uint)((1ul << size * 8) - 1);
        return true;
    }

    private bool TryWriteRegister(uint address, uint value)
    {
        if (!systemControl.ContainsKey(address)) return Core.TryWriteRegister(address, value);
        systemControl[address] = value;
        return true;
    }

    private ArraySegment<byte>? Find(uint address)
    {
        foreach (var (start, bytes) in memories)
            if (address - start < bytes.Length)
                return new ArraySegment<byte>(bytes, (int)(address - start), bytes.Length - (int)(address - start));
        return null;
    }
}
