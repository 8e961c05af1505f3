using HilRig.Kboot;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>
/// Section programming through a 1 KB buffer in RAM: nothing reaches flash until 1 KB is complete, the address jumps or
/// the command ends, so an error shows 32 packets late (facts: kboot §6.2).
/// </summary>
internal sealed class FlashWriter(Kv58Chip chip, FlashDriver driver, FirmwareBehaviour behaviour, PropertyStore properties)
{
    private readonly byte[] buffer = new byte[FlashDriver.SectionSize];
    private uint start;
    private int stored;

    /// <summary>The end of a write. A release that answers early leaves the rest to <see cref="SettleAsync"/>.</summary>
    public ValueTask<StatusCode> FinishAsync() => behaviour.Defect switch
    {
        Defect.AnswersEarly => ValueTask.FromResult(StatusCode.Success),
        Defect.SkipsLastUnit when stored <= FlashDriver.Alignment => ForgetAsync(),
        Defect.SkipsLastUnit => FlushAsync((stored - 1) / FlashDriver.Alignment * FlashDriver.Alignment),
        _ => FlushAsync(),
    };

    /// <summary>Before a command: what an earlier one still has to program.</summary>
    public ValueTask<StatusCode> SettleAsync() => FlushAsync();

    public async ValueTask<StatusCode> WriteAsync(uint address, ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0)
        {
            if (stored > 0 && address != start + (uint)stored && await FlushAsync() is var jumped and not StatusCode.Success)
                return jumped;
            if (stored == 0)
            {
                if (address % FlashDriver.Alignment != 0)
                    return StatusCode.FlashAlignmentError;
                start = address;
            }
            var part = data[..Math.Min(data.Length, buffer.Length - stored)];
            part.CopyTo(buffer.AsMemory(stored));
            stored += part.Length;
            address += (uint)part.Length;
            data = data[part.Length..];
            if (stored == buffer.Length && await FlushAsync() is var full and not StatusCode.Success)
                return full;
        }
        return StatusCode.Success;
    }

    /// <summary>Blank check through the core, then program and verify by the controller. The buffer is empty afterwards, whatever came of it.</summary>
    public ValueTask<StatusCode> FlushAsync() => FlushAsync(stored);

    private async ValueTask<StatusCode> FlushAsync(int length)
    {
        stored = 0;
        if (length == 0)
            return StatusCode.Success;
        if (!IsErased(start, (length + 7) & ~7))
            return StatusCode.MemoryCumulativeWrite;

        var padded = (length + 31) & ~31;
        buffer.AsSpan(length, padded - length).Fill(0xFF);
        Spoil(buffer.AsSpan(0, length));
        var status = await driver.ProgramSectionAsync(start, buffer.AsMemory(0, padded));
        if (behaviour.InvalidatesAfterProgram)
            InvalidateLines(start, padded);
        if (status == StatusCode.Success && properties.VerifiesWrites)
            status = driver.VerifyProgram(start, buffer.AsSpan(0, padded), Math.Max((byte)1, properties.ReadMargin));
        return status;
    }

    /// <summary>Drops the D-cache lines of a range, as fixed firmware does and KBOOT 2.0 does not.</summary>
    public void InvalidateLines(uint address, long length)
    {
        for (var line = address & ~31u; line < address + length; line += CacheGeometry.LineSize)
            chip.SystemControl.TryWrite(SystemControl.Dcimvac, line);
    }

    private ValueTask<StatusCode> ForgetAsync()
    {
        stored = 0;
        return ValueTask.FromResult(StatusCode.Success);
    }

    private void Spoil(Span<byte> section)
    {
        if (behaviour.Defect is Defect.SpoilsBits or Defect.EchoesWrites)
        {
            for (var index = 0; index < section.Length; index += 16)
                section[index] &= 0xFE;
        }
        if (behaviour.Defect == Defect.RepeatsUnit && section.Length >= 2 * FlashDriver.Alignment)
            section[..FlashDriver.Alignment].CopyTo(section[FlashDriver.Alignment..]);
    }

    /// <summary>
    /// KBOOT's mem_is_erased: a byte loop of ordinary loads that stops at the first byte that is not FF. It is the only
    /// step of erase, program and verify that sees the array through the core, so the only one a stale line can fool.
    /// </summary>
    private bool IsErased(uint address, int length)
    {
        Span<byte> one = stackalloc byte[1];
        for (var index = 0; index < length; index++)
        {
            chip.Bus.TryLoad(address + (uint)index, one);
            if (one[0] != 0xFF)
                return false;
        }
        return true;
    }
}
