using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Probe;

/// <summary>The AHB-AP: memory as the core's bus matrix sees it, with or without the D-cache (facts: pyocd §3.2, §6).</summary>
/// <remarks>
/// CSW 00 (30 and 27:24 HPROT, 6 DeviceEn, 5:4 AddrInc, 2:0 Size) · TAR 04 · DRW 0C · BD0–3 10–1C ·
/// CFG F4 · BASE F8 · IDR FC. A byte at address a sits in bits 8·(a &amp; 3) of DRW; TAR wraps inside 1 KB.
/// </remarks>
internal sealed class MemoryAccessPort(IDebugTarget target) : IAccessPort
{
    private const uint Protection = 0x4F000000;
    private const uint Cacheable = 1 << 27;
    private const uint DeviceEnabled = 1 << 6;
    private const uint SingleIncrement = 1 << 4;
    private const uint SizeField = 7;
    private const uint WordSize = 2;
    private const uint WrapMask = 0x3FF;
    private const uint PrivatePeripheralBus = 0xE0000000;
    private const uint PrivatePeripheralBusEnd = 0xE00FFFFF;

    private uint controlStatus = 0x03000000 | WordSize;
    private uint address;

    public bool TryRead(uint register, out uint value)
    {
        value = register switch
        {
            0x00 => controlStatus | DeviceEnabled,
            0x04 => address,
            0xF8 => CoreIdentification.RomTableBase,
            0xFC => CoreIdentification.MemoryAccessPort,
            _ => 0,
        };
        return register switch
        {
            0x0C => TryReadData(out value),
            >= 0x10 and <= 0x1C => TryReadMemory(Banked(register), 4, out value),
            _ => true,
        };
    }

    public bool TryRead(uint register, Span<uint> values)
    {
        if (register != 0x0C || Size != 4 || (controlStatus & SingleIncrement) == 0)
        {
            foreach (ref var value in values)
                if (!TryRead(register, out value)) return false;
            return true;
        }

        while (values.Length > 0)
        {
            var run = values[..Math.Min(values.Length, (int)(WrapMask + 1 - (Aligned() & WrapMask)) / 4)];
            var count = IsReachable(Aligned()) ? target.ReadWords(Aligned(), run, View) : 0;
            Advance(count * 4);
            if (count < run.Length) return false;
            values = values[count..];
        }

        return true;
    }

    public bool TryWrite(uint register, uint value)
    {
        switch (register)
        {
            case 0x00: WriteControlStatus(value); return true;
            case 0x04: address = value; return true;
            case 0x0C: return TryWriteData(value);
            case >= 0x10 and <= 0x1C: return TryWriteMemory(Banked(register), 4, value);
            default: return true;
        }
    }

    private int Size => 1 << (int)(controlStatus & SizeField);

    private BusView View => (controlStatus & Cacheable) == 0 ? BusView.Array : BusView.Core;

    private uint Banked(uint register) => address & ~0xFu | register & 0xC;

    private void WriteControlStatus(uint value)
    {
        var size = (value & SizeField) <= WordSize ? value & SizeField : controlStatus & SizeField;
        controlStatus = value & (Protection | SingleIncrement) | size;
    }

    private bool TryReadData(out uint value)
    {
        var at = Aligned();
        if (!TryReadMemory(at, Size, out value)) return false;
        value <<= (int)(at & 3) * 8;
        Advance(Size);
        return true;
    }

    private bool TryWriteData(uint value)
    {
        var at = Aligned();
        var lane = value >> (int)(at & 3) * 8;
        if (!TryWriteMemory(at, Size, Size == 4 ? lane : lane & (1u << Size * 8) - 1)) return false;
        Advance(Size);
        return true;
    }

    private uint Aligned() => address & ~(uint)(Size - 1);

    private void Advance(int bytes)
    {
        if ((controlStatus & SingleIncrement) != 0) address = address & ~WrapMask | address + (uint)bytes & WrapMask;
    }

    private bool TryReadMemory(uint at, int size, out uint value)
    {
        value = 0;
        return IsReachable(at) && target.TryRead(at, size, View, out value);
    }

    private bool TryWriteMemory(uint at, int size, uint value) => IsReachable(at) && target.TryWrite(at, size, value, View);

    /// <summary>A secured part shows nothing; in reset only the private peripheral bus answers.</summary>
    private bool IsReachable(uint at) =>
        !target.IsSecured && (!target.IsHeldInReset || at is >= PrivatePeripheralBus and <= PrivatePeripheralBusEnd);
}
