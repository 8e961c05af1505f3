namespace HilRig.VirtualBoard.Kv58;

/// <summary>What a launched FTFE command does to the array, wholly or, when the supply or the clock goes, up to a point.</summary>
/// <param name="Name">For the log.</param>
/// <param name="Offset">First cell, from the start of flash.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Data">What is programmed; null is an erase.</param>
public sealed record FlashOperation(string Name, int Offset, int Length, byte[]? Data)
{
    /// <summary>Bits whose fate is this close to the moment of the cut end up weak.</summary>
    private const double WeakBand = 0.03;

    /// <summary>Ends with FSEC programmed to FE, so that the erased chip stays open after the next reset.</summary>
    public bool OpensChip { get; init; }

    public override string ToString() => $"{Name} 0x{0x10000000 + Offset:X8} +0x{Length:X}";

    public void Complete(FlashArray array)
    {
        if (Data is not null)
        {
            array.Program(Offset, Data);
            return;
        }
        foreach (var sector in SectorsTouched())
        {
            array.EraseSector(sector);
            array.CountErase(sector);
        }
        if (OpensChip)
            array.Program(Ftfe.ConfigurationField + 12, [0xFE]);
    }

    /// <summary>Leaves the array as it stands when <paramref name="fraction"/> of the time has passed.</summary>
    public void Cut(FlashArray array, double fraction, Random chance)
    {
        if (Data is null)
            CutErase(array, fraction, chance);
        else
            CutProgram(array, Data, fraction, chance);
    }

    private IEnumerable<int> SectorsTouched() =>
        Enumerable.Range(Offset / FlashArray.SectorSize, Math.Max(1, Length / FlashArray.SectorSize));

    /// <summary>An erase lifts all cells of its sectors together, each at its own pace.</summary>
    private void CutErase(FlashArray array, double fraction, Random chance)
    {
        foreach (var sector in SectorsTouched())
        {
            var first = sector * FlashArray.SectorSize;
            for (var offset = first; offset < first + FlashArray.SectorSize; offset++)
            {
                var stored = array.Stored(offset);
                if (stored != 0xFF)
                    MoveBits(array, offset, (byte)~stored, fraction, chance, towardsOne: true);
            }
            array.CountErase(sector);
        }
    }

    /// <summary>A section goes in unit by unit of 32 bytes; the one in progress is torn.</summary>
    private void CutProgram(FlashArray array, byte[] bytes, double fraction, Random chance)
    {
        var unit = Math.Min(32, bytes.Length);
        var progress = fraction * (bytes.Length / unit);
        var whole = Math.Min((int)progress, bytes.Length / unit) * unit;
        array.Program(Offset, bytes.AsSpan(0, whole));
        for (var index = whole; index < Math.Min(whole + unit, bytes.Length); index++)
        {
            var falling = (byte)(array.Stored(Offset + index) & ~bytes[index]);
            MoveBits(array, Offset + index, falling, progress - Math.Floor(progress), chance, towardsOne: false);
        }
    }

    private static void MoveBits(FlashArray array, int offset, byte moving, double fraction, Random chance, bool towardsOne)
    {
        byte moved = 0, weak = 0;
        for (var bit = 1; bit < 0x100; bit <<= 1)
        {
            if ((moving & bit) == 0)
                continue;
            var pace = chance.NextDouble();
            if (pace < fraction)
                moved |= (byte)bit;
            if (Math.Abs(pace - fraction) < WeakBand)
                weak |= (byte)bit;
        }
        var before = array.Stored(offset);
        var after = (byte)(towardsOne ? before | moved : before & ~moved);
        if (after != before)
            array.Place(offset, [after]);
        array.Weaken(offset, weak);
    }
}
