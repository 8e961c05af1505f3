using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HilRig.VirtualBoard.Kv58;

/// <summary>Who answers at which address, past the caches and through them.</summary>
public sealed class Bus(Kv58Chip chip)
{
    private readonly Ram[] rams =
    [
        new(KvMap.ItcmStart, KvMap.ItcmSize),
        new(KvMap.DtcmStart, KvMap.DtcmSize),
        new(KvMap.OcramStart, KvMap.OcramSize),
    ];

    /// <summary>A debugger's read. With the core's view a line that is held wins; a debugger never fills one.</summary>
    public bool TryRead(uint address, int size, BusView view, out uint value)
    {
        value = 0;
        Span<byte> bytes = stackalloc byte[4];
        var part = bytes[..size];
        if (!TryReadMemory(address, part, view))
            return TryReadRegister(address, size, out value);
        value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return true;
    }

    /// <summary>A debugger's block read, memory by lines; returns how many words came before a bus fault.</summary>
    public int ReadWords(uint address, Span<uint> words, BusView view)
    {
        var count = 0;
        while (count < words.Length)
        {
            var at = address + (uint)count * 4;
            var run = words.Slice(count, Math.Min(words.Length - count, (CacheGeometry.LineSize - (int)(at & 31)) / 4));
            if (TryReadMemory(at, MemoryMarshal.AsBytes(run), view))
                count += run.Length;
            else if (TryRead(at, 4, view, out words[count]))
                count++;
            else
                break;
        }
        return count;
    }

    public bool TryWrite(uint address, int size, uint value, BusView view)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        if (Memory(address, size) is { } ram)
        {
            ram.Write(address, bytes[..size]);
            if (view == BusView.Core && IsCached(address) && chip.Cache.TryGet(address, out var line))
                bytes[..size].CopyTo(line[(int)(address & 31)..]);
            return true;
        }
        return !KvMap.IsFlash(address) && TryWriteRegister(address, size, value);
    }

    /// <summary>Loads by the core: a miss in cacheable memory fills a whole line. False is a bus fault.</summary>
    public bool TryLoad(uint address, Span<byte> to)
    {
        for (var done = 0; done < to.Length;)
        {
            var at = address + (uint)done;
            var part = to.Slice(done, Math.Min(to.Length - done, CacheGeometry.LineSize - (int)(at & 31)));
            if (IsCached(at))
            {
                if (!chip.Cache.TryGet(at, out var line))
                {
                    line = chip.Cache.Allocate(at);
                    if (!TryReadMemory(at & ~31u, line))
                    {
                        chip.Cache.Invalidate(at);
                        return false;
                    }
                }
                line.Slice((int)(at & 31), part.Length).CopyTo(part);
            }
            else if (!TryReadMemory(at, part))
            {
                return false;
            }
            done += part.Length;
        }
        return true;
    }

    /// <summary>Memory as it is, past the cache; false where there is none.</summary>
    public bool TryReadMemory(uint address, Span<byte> to)
    {
        if (KvMap.IsFlash(address) && address + (uint)to.Length <= KvMap.FlashEnd)
            return ReadFlash(address, to);
        if (Memory(address, to.Length) is not { } ram)
            return false;
        ram.Read(address, to);
        return true;
    }

    public void LosePower(Random chance)
    {
        foreach (var ram in rams)
            ram.LosePower(chance);
    }

    /// <summary>Memory inside one line, from the cache where the view says so and the line is held.</summary>
    private bool TryReadMemory(uint address, Span<byte> to, BusView view)
    {
        if (view != BusView.Core || !IsCached(address) || !chip.Cache.TryGet(address, out var line))
            return TryReadMemory(address, to);
        line.Slice((int)(address & 31), to.Length).CopyTo(to);
        return true;
    }

    /// <summary>Flash and OCRAM are Normal memory and cacheable; the TCMs are not (facts: kboot §6).</summary>
    private bool IsCached(uint address) =>
        chip.SystemControl.IsDataCacheOn && (KvMap.IsFlash(address) || rams[2].Contains(address, 1));

    private Ram? Memory(uint address, int length)
    {
        foreach (var ram in rams)
        {
            if (ram.Contains(address, length))
                return ram;
        }
        return chip.Ftfe.FlexRam.Contains(address, length) ? chip.Ftfe.FlexRam : null;
    }

    /// <summary>The one block cannot be read while a command works on it. False is an uncorrectable ECC error.</summary>
    private bool ReadFlash(uint address, Span<byte> to)
    {
        if (chip.Ftfe.IsBusy)
        {
            chip.Ftfe.ReportReadCollision();
            to.Clear();
            return true;
        }
        chip.FlashBuffer.Read((int)(address - KvMap.FlashStart), to);
        return !chip.Ftfe.Array.HasEccFault((int)(address - KvMap.FlashStart), to.Length);
    }

    private bool TryReadRegister(uint address, int size, out uint value)
    {
        value = 0;
        switch (address)
        {
            case >= KvMap.PpbStart and < KvMap.PpbStart + KvMap.PpbSize:
                if (!chip.SystemControl.TryRead(address & ~3u, out value) && !chip.Core.TryReadRegister(address & ~3u, out value))
                    value = 0;
                value = Lane(value, address, size);
                return true;
            case >= Ftfe.Base and < Ftfe.Base + Ftfe.RegisterCount:
                for (var index = 0; index < size; index++)
                    value |= (uint)chip.Ftfe.Read((int)(address - Ftfe.Base) + index) << (8 * index);
                return true;
            case >= ResetControl.Base and < ResetControl.Base + 16:
                for (var index = 0; index < size; index++)
                    value |= (uint)chip.ResetControl.Read(address - ResetControl.Base + (uint)index) << (8 * index);
                return true;
            case >= FlashBuffer.Base and < FlashBuffer.Base + 8:
                value = Lane(chip.FlashBuffer.ReadRegister((address & ~3u) - FlashBuffer.Base), address, size);
                return true;
            case >= Uart.Base and < Uart.Base + 32:
                for (var index = 0; index < size; index++)
                    value |= (uint)chip.Uart.ReadRegister(address - Uart.Base + (uint)index) << (8 * index);
                return true;
            default:
                value = Lane(chip.SystemIntegration.Read(address & ~3u), address, size);
                return IsPeripheral(address);
        }
    }

    private bool TryWriteRegister(uint address, int size, uint value)
    {
        switch (address)
        {
            case >= KvMap.PpbStart and < KvMap.PpbStart + KvMap.PpbSize:
                if (size == 4 && !chip.SystemControl.TryWrite(address, value))
                    chip.Core.TryWriteRegister(address, value);
                return true;
            case >= Ftfe.Base and < Ftfe.Base + Ftfe.RegisterCount:
                // FSTAT last: the command it starts must find its parameters.
                for (var index = size - 1; index >= 0; index--)
                    chip.Ftfe.Write((int)(address - Ftfe.Base) + index, (byte)(value >> (8 * index)));
                return true;
            case >= ResetControl.Base and < ResetControl.Base + 16:
                for (var index = 0; index < size; index++)
                    chip.ResetControl.Write(address - ResetControl.Base + (uint)index, (byte)(value >> (8 * index)));
                return true;
            case >= FlashBuffer.Base and < FlashBuffer.Base + 8:
                chip.FlashBuffer.WriteRegister(address - FlashBuffer.Base, value);
                return true;
            default:
                return IsPeripheral(address);
        }
    }

    private static uint Lane(uint word, uint address, int size)
    {
        var lane = word >> (8 * (int)(address & 3));
        return size == 4 ? word : lane & ((1u << (8 * size)) - 1);
    }

    /// <summary>A peripheral that is not modelled reads 0 and ignores writes; outside is a bus fault.</summary>
    private static bool IsPeripheral(uint address) =>
        address is (>= KvMap.AipsStart and < KvMap.AipsStart + KvMap.AipsSize) or (>= KvMap.GpioStart and < KvMap.GpioStart + KvMap.GpioSize);
}
