using System.Buffers.Binary;
using HilRig.Kboot;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>KBOOT's memory interface: which region, is it reserved, and who does it.</summary>
internal sealed class MappedMemory(Kv58Chip chip, FlashDriver driver, FlashWriter writer, FirmwareBehaviour behaviour, PropertyStore properties)
{
    /// <summary>What the host sent, by address; only a release that serves reads from it keeps any.</summary>
    private readonly Dictionary<uint, byte> echo = [];

    public async ValueTask<StatusCode> ReadAsync(uint address, Memory<byte> to)
    {
        if (MemoryMap.Find(address, (uint)to.Length) is not { } entry)
            return StatusCode.MemoryRangeInvalid;
        var isGood = entry.Kind == MemoryKind.Device ? TryReadDevice(address, to.Span) : chip.Bus.TryLoad(address, to.Span);
        if (!isGood)
            await chip.Firmware.Forever(); // a bus fault ends in the default handler's loop
        Echo(address, to.Span);
        return StatusCode.Success;
    }

    public async ValueTask<StatusCode> WriteAsync(uint address, ReadOnlyMemory<byte> data)
    {
        if (MemoryMap.Find(address, (uint)data.Length) is not { } entry || properties.IsReserved(address, (uint)data.Length))
            return StatusCode.MemoryRangeInvalid;
        if (entry.Kind == MemoryKind.Flash)
        {
            Remember(address, data.Span);
            return await writer.WriteAsync(address, data);
        }
        if (!TryStore(address, data.Span))
            await chip.Firmware.Forever();
        return StatusCode.Success;
    }

    /// <summary>The end of a write or fill.</summary>
    public async ValueTask<StatusCode> FlushAsync()
    {
        var status = await writer.FinishAsync();
        return status == StatusCode.Success && behaviour.Defect == Defect.FailsGoodWrites ? StatusCode.FlashCommandFailure : status;
    }

    public ValueTask<StatusCode> SettleAsync() => writer.SettleAsync();

    public async ValueTask<StatusCode> FillAsync(uint address, uint length, uint pattern)
    {
        if (length == 0)
            return StatusCode.Success;
        if (MemoryMap.Find(address, length) is null || properties.IsReserved(address, length))
            return StatusCode.MemoryRangeInvalid;
        var part = new byte[Packet.MaxPayload];
        for (var index = 0; index < part.Length; index += 4)
            BinaryPrimitives.WriteUInt32LittleEndian(part.AsSpan(index), pattern);
        for (var done = 0u; done < length; done += (uint)part.Length)
        {
            var status = await WriteAsync(address + done, part.AsMemory(0, (int)Math.Min((uint)part.Length, length - done)));
            if (status != StatusCode.Success)
                return status;
        }
        return await FlushAsync();
    }

    /// <summary>The order of the checks is the code's, not the manual's (facts: kboot §6.1).</summary>
    public async ValueTask<StatusCode> EraseAsync(uint address, uint length)
    {
        if (MemoryMap.Find(address, length) is not { } entry)
            return length == 0 ? StatusCode.Success : StatusCode.MemoryRangeInvalid;
        if (entry.Kind != MemoryKind.Flash)
            return StatusCode.FlashAddressError;
        if (properties.IsReserved(address, length))
            return StatusCode.MemoryRangeInvalid;
        var status = await EraseSectorsAsync(address, length);
        if (behaviour.InvalidatesAfterErase)
            InvalidateSectors(address, length);
        if (status == StatusCode.Success && properties.VerifiesWrites && behaviour.Defect != Defect.ErasesNothing)
            status = await driver.VerifyErasedAsync(address, length, properties.ReadMargin);
        return status == StatusCode.Success && behaviour.Defect == Defect.FailsGoodErases ? StatusCode.FlashCommandFailure : status;
    }

    /// <summary>Everything behind the bootloader.</summary>
    public ValueTask<StatusCode> EraseAllAsync()
    {
        var start = (properties.FlashReservedLast + FlashArray.SectorSize) / FlashArray.SectorSize * FlashArray.SectorSize;
        return EraseAsync(start, KvMap.FlashEnd - start);
    }

    private async ValueTask<StatusCode> EraseSectorsAsync(uint address, uint length)
    {
        echo.Clear();
        switch (behaviour.Defect)
        {
            case Defect.ErasesNothing:
                return StatusCode.Success;
            case Defect.ErasesBefore when !properties.IsReserved(address - FlashArray.SectorSize, FlashArray.SectorSize):
                return await driver.EraseAsync(address - FlashArray.SectorSize, length + FlashArray.SectorSize);
            case Defect.AltersConfiguration:
                var field = Enumerable.Repeat((byte)0xFF, FlashDriver.Alignment).ToArray();
                field[0x0F] = 0xFE;
                await driver.ProgramSectionAsync(KvMap.FlashStart + 0x400, field);
                break;
        }
        return await driver.EraseAsync(address, length);
    }

    private void Remember(uint address, ReadOnlySpan<byte> data)
    {
        for (var index = 0; behaviour.Defect == Defect.EchoesWrites && index < data.Length; index++)
            echo[address + (uint)index] = data[index];
    }

    private void Echo(uint address, Span<byte> to)
    {
        for (var index = 0; echo.Count > 0 && index < to.Length; index++)
            to[index] = echo.TryGetValue(address + (uint)index, out var sent) ? sent : to[index];
    }

    private void InvalidateSectors(uint address, uint length)
    {
        var first = address / FlashArray.SectorSize * FlashArray.SectorSize;
        writer.InvalidateLines(first, address + length - first + FlashArray.SectorSize - 1);
    }

    private bool TryReadDevice(uint address, Span<byte> to)
    {
        for (var done = 0; done < to.Length;)
        {
            var size = AccessSize(address + (uint)done, to.Length - done);
            if (!chip.Bus.TryRead(address + (uint)done, size, BusView.Core, out var value))
                return false;
            for (var index = 0; index < size; index++)
                to[done + index] = (byte)(value >> (8 * index));
            done += size;
        }
        return true;
    }

    private bool TryStore(uint address, ReadOnlySpan<byte> data)
    {
        for (var done = 0; done < data.Length;)
        {
            var size = AccessSize(address + (uint)done, data.Length - done);
            uint value = 0;
            for (var index = 0; index < size; index++)
                value |= (uint)data[done + index] << (8 * index);
            if (!chip.Bus.TryWrite(address + (uint)done, size, value, BusView.Core))
                return false;
            done += size;
        }
        return true;
    }

    /// <summary>The widest access that the address and the rest allow: a device register must be met whole.</summary>
    private static int AccessSize(uint address, int left) => address % 4 == 0 && left >= 4 ? 4 : address % 2 == 0 && left >= 2 ? 2 : 1;
}
