using System.Buffers.Binary;
using HilRig.Kboot;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>NXP's fsl_flash as the bootloader uses it: fills in the command registers, waits with interrupts off, maps FSTAT to a status.</summary>
internal sealed class FlashDriver(Kv58Chip chip)
{
    public const int Alignment = 32;
    public const int SectionSize = 1024;

    private readonly byte[] command = new byte[12];

    /// <summary>Erases every sector that the range touches; start and length must be multiples of 32.</summary>
    public async ValueTask<StatusCode> EraseAsync(uint start, uint length)
    {
        if (start % Alignment != 0 || length % Alignment != 0)
            return StatusCode.FlashAlignmentError;
        if (!KvMap.IsFlash(start) || (ulong)start + length > KvMap.FlashEnd)
            return StatusCode.FlashAddressError;
        var end = Offset(start) + length;
        for (var sector = Offset(start) / FlashArray.SectorSize * FlashArray.SectorSize; sector < end && length > 0; sector += FlashArray.SectorSize)
        {
            var status = await RunAsync(0x09, sector);
            if (status != StatusCode.Success)
                return status;
        }
        return StatusCode.Success;
    }

    /// <summary>Read-1s section at a margin, done by the controller: no cache is in the way.</summary>
    public async ValueTask<StatusCode> VerifyErasedAsync(uint start, uint length, byte margin)
    {
        for (var at = Offset(start); at < Offset(start) + length; at += FlashArray.SectorSize)
        {
            var units = Math.Min(FlashArray.SectorSize, Offset(start) + length - at) / 32;
            var status = await RunAsync(0x01, at, (byte)(units >> 8), (byte)units, margin);
            if (status != StatusCode.Success)
                return status;
        }
        return StatusCode.Success;
    }

    /// <summary>Programs at most 1 KB, a multiple of 32 bytes, split where a sector ends.</summary>
    public async ValueTask<StatusCode> ProgramSectionAsync(uint start, ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0)
        {
            var left = FlashArray.SectorSize - (int)(Offset(start) % FlashArray.SectorSize);
            var part = data[..Math.Min(left, data.Length)];
            chip.Ftfe.FlexRam.Write(chip.Ftfe.FlexRam.Start, part.Span);
            var status = await RunAsync(0x0B, Offset(start), 0, (byte)(part.Length / 32));
            if (status != StatusCode.Success)
                return status;
            start += (uint)part.Length;
            data = data[part.Length..];
        }
        return StatusCode.Success;
    }

    /// <summary>Program-check of every word, done by the controller.</summary>
    public StatusCode VerifyProgram(uint start, ReadOnlySpan<byte> data, byte margin)
    {
        for (var index = 0; index < data.Length; index += 4)
        {
            Fill(0x02, Offset(start) + (uint)index, margin);
            BinaryPrimitives.WriteUInt32BigEndian(command.AsSpan(8), BinaryPrimitives.ReadUInt32LittleEndian(data[index..]));
            Launch();
            if (MapStatus() is var status and not StatusCode.Success)
                return status;
        }
        return StatusCode.Success;
    }

    public ValueTask<StatusCode> EraseAllUnsecureAsync() => RunAsync(0x49, 0);

    public async ValueTask<StatusCode> VerifyBackdoorKeyAsync(uint low, uint high)
    {
        Fill(0x45, 0);
        BinaryPrimitives.WriteUInt32BigEndian(command.AsSpan(4), low);
        BinaryPrimitives.WriteUInt32BigEndian(command.AsSpan(8), high);
        return await FinishAsync();
    }

    public async ValueTask<StatusCode> ProgramOnceAsync(uint index, uint first, uint second)
    {
        Fill(0x43, index << 16);
        BinaryPrimitives.WriteUInt32BigEndian(command.AsSpan(4), first);
        BinaryPrimitives.WriteUInt32BigEndian(command.AsSpan(8), second);
        return await FinishAsync();
    }

    /// <summary>The 8 bytes of a record come back in <paramref name="to"/>.</summary>
    public ValueTask<StatusCode> ReadOnceAsync(uint index, Memory<byte> to)
    {
        Fill(0x41, index << 16);
        return ReadBackAsync(to);
    }

    /// <summary>Eight bytes of the information row (option 0) or the version id (option 1, address 8).</summary>
    public async ValueTask<StatusCode> ReadResourceAsync(uint address, byte option, Memory<byte> to)
    {
        if (address % 8 != 0)
            return StatusCode.FlashAlignmentError;
        Fill(0x03, address, option);
        return await ReadBackAsync(to);
    }

    private static uint Offset(uint address) => address - KvMap.FlashStart;

    private async ValueTask<StatusCode> ReadBackAsync(Memory<byte> to)
    {
        var status = await FinishAsync();
        for (var index = 0; index < to.Length && index < 8; index++)
            to.Span[index] = chip.Ftfe.Read(Ftfe.FccobOffset(4 + (index ^ 3)));
        return status;
    }

    private ValueTask<StatusCode> RunAsync(byte code, uint offset, params ReadOnlySpan<byte> more)
    {
        Fill(code, offset, more);
        return FinishAsync();
    }

    private void Fill(byte code, uint offset, params ReadOnlySpan<byte> more)
    {
        command.AsSpan().Fill(0xFF);
        BinaryPrimitives.WriteUInt32BigEndian(command, ((uint)code << 24) | (offset & 0xFFFFFF));
        more.CopyTo(command.AsSpan(4));
    }

    private async ValueTask<StatusCode> FinishAsync()
    {
        Launch();
        if (chip.Ftfe.IsBusy)
        {
            chip.Uart.IsInterruptEnabled = false;
            while (chip.Ftfe.IsBusy)
                await chip.Firmware.Until(chip.Ftfe.Deadline);
            chip.Uart.IsInterruptEnabled = true;
            // flash_cache_clear: the speculation buffer only, no L1 (facts: kboot §8).
            chip.Bus.TryRead(FlashBuffer.Base + 4, 4, BusView.Core, out var control);
            chip.Bus.TryWrite(FlashBuffer.Base + 4, 4, control | 1u << 19, BusView.Core);
        }
        return MapStatus();
    }

    private void Launch()
    {
        chip.Ftfe.Write(0, Ftfe.RdColErr | Ftfe.AccErr | Ftfe.FpViol);
        for (var index = 0; index < command.Length; index++)
            chip.Ftfe.Write(Ftfe.FccobOffset(index), command[index]);
        chip.Ftfe.Write(0, Ftfe.Ccif);
    }

    private StatusCode MapStatus() => chip.Ftfe.Status switch
    {
        var flags when (flags & Ftfe.AccErr) != 0 => StatusCode.FlashAccessError,
        var flags when (flags & Ftfe.FpViol) != 0 => StatusCode.FlashProtectionViolation,
        var flags when (flags & Ftfe.MgStat0) != 0 => StatusCode.FlashCommandFailure,
        _ => StatusCode.Success,
    };
}
