namespace HilRig.VirtualBoard.Kv58;

/// <summary>
/// The 1 MB of flash cells, 8 KB sectors. Erasing makes ones, programming makes zeros, and a cell that was only half
/// moved is weak: it reads by chance. Sectors take memory only once they hold something.
/// </summary>
public sealed class FlashArray(int seed)
{
    public const int Size = 0x100000;
    public const int SectorSize = 0x2000;
    public const int Sectors = Size / SectorSize;

    private readonly byte[]?[] cells = new byte[Sectors][];
    private readonly byte[]?[] weak = new byte[Sectors][];
    private readonly int[] wear = new int[Sectors];
    private readonly Random chance = new(seed);
    private readonly HashSet<int> eccFaults = [];

    /// <summary>Programming a phrase of 8 bytes twice spoils its ECC: reading it is a bus fault until it is erased.</summary>
    public bool HasEcc { get; set; }

    /// <summary>Told the offset and length of every change, so that a file can follow.</summary>
    public Action<int, int>? Changed { get; set; }

    /// <summary>Erase cycles of a sector.</summary>
    public int Wear(int sector) => wear[sector];

    public void CountErase(int sector) => wear[sector]++;

    public void RestoreWear(int sector, int erases) => wear[sector] = erases;

    /// <summary>Reads as the read amplifiers do at normal level: a weak bit falls either way.</summary>
    public void Read(int offset, Span<byte> to)
    {
        for (var done = 0; done < to.Length;)
        {
            var (sector, within) = Math.DivRem(offset + done, SectorSize);
            var part = to.Slice(done, Math.Min(to.Length - done, SectorSize - within));
            ReadSector(sector, within, part);
            done += part.Length;
        }
    }

    /// <summary>Bits that do not hold their level safely, as a mask; a margin read fails on them.</summary>
    public byte WeakBits(int offset) => weak[offset / SectorSize]?[offset % SectorSize] ?? 0;

    public bool HasWeakBits(int sector) => weak[sector] is not null;

    /// <summary>One byte as stored, weak or not.</summary>
    public byte Stored(int offset) => cells[offset / SectorSize]?[offset % SectorSize] ?? 0xFF;

    /// <summary>Puts a whole sector at one.</summary>
    public void EraseSector(int sector)
    {
        cells[sector] = null;
        weak[sector] = null;
        eccFaults.RemoveWhere(phrase => phrase * 8 / SectorSize == sector);
        Changed?.Invoke(sector * SectorSize, SectorSize);
    }

    /// <summary>Pulls bits to zero; a one in <paramref name="from"/> changes nothing.</summary>
    public void Program(int offset, ReadOnlySpan<byte> from)
    {
        if (HasEcc)
            NoteDoubleProgramming(offset, from);
        for (var index = 0; index < from.Length; index++)
        {
            if (from[index] == 0xFF)
                continue;
            var sector = Sector(offset + index);
            sector[(offset + index) % SectorSize] &= from[index];
            var weakSector = weak[(offset + index) / SectorSize];
            if (weakSector is not null)
                weakSector[(offset + index) % SectorSize] &= from[index];
        }
        Changed?.Invoke(offset, from.Length);
    }

    /// <summary>Sets cells outright, for an image that is there before the board first starts and for what a cut left behind.</summary>
    public void Place(int offset, ReadOnlySpan<byte> bytes)
    {
        for (var index = 0; index < bytes.Length; index++)
        {
            if (bytes[index] != Stored(offset + index))
                Sector(offset + index)[(offset + index) % SectorSize] = bytes[index];
        }
        Changed?.Invoke(offset, bytes.Length);
    }

    /// <summary>Marks bits of one byte as weak.</summary>
    public void Weaken(int offset, byte mask)
    {
        if (mask != 0)
            (weak[offset / SectorSize] ??= new byte[SectorSize])[offset % SectorSize] |= mask;
    }

    /// <summary>Whether any phrase of the range has an error that ECC cannot mend.</summary>
    public bool HasEccFault(int offset, int length)
    {
        if (eccFaults.Count == 0)
            return false;
        for (var phrase = offset / 8; phrase <= (offset + length - 1) / 8; phrase++)
        {
            if (eccFaults.Contains(phrase))
                return true;
        }
        return false;
    }

    private void NoteDoubleProgramming(int offset, ReadOnlySpan<byte> from)
    {
        for (var at = 0; at < from.Length; at += 8)
        {
            var phrase = from.Slice(at, Math.Min(8, from.Length - at));
            var isWritten = false;
            for (var index = 0; index < phrase.Length; index++)
                isWritten |= Stored(offset + at + index) != 0xFF;
            if (isWritten && phrase.ContainsAnyExcept((byte)0xFF))
                eccFaults.Add((offset + at) / 8);
        }
    }

    private void ReadSector(int sector, int within, Span<byte> to)
    {
        if (cells[sector] is { } stored)
            stored.AsSpan(within, to.Length).CopyTo(to);
        else
            to.Fill(0xFF);
        if (weak[sector] is not { } mask)
            return;
        for (var index = 0; index < to.Length; index++)
        {
            if (mask[within + index] != 0)
                to[index] ^= (byte)(mask[within + index] & chance.Next(256) & chance.Next(256));
        }
    }

    private byte[] Sector(int offset)
    {
        var sector = offset / SectorSize;
        if (cells[sector] is { } known)
            return known;
        var fresh = new byte[SectorSize];
        Array.Fill(fresh, (byte)0xFF);
        return cells[sector] = fresh;
    }
}
