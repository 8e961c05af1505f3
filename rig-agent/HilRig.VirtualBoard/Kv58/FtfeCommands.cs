namespace HilRig.VirtualBoard.Kv58;

/// <summary>The FTFE's commands: what each checks, and what it starts (facts: kboot §9). Each returns the FSTAT bits it raises.</summary>
internal static class FtfeCommands
{
    private const byte None = 0;

    public static byte Execute(Ftfe ftfe) => ftfe.Fccob(0) switch
    {
        0x01 => ReadOnesSection(ftfe),
        0x02 => ProgramCheck(ftfe),
        0x03 => ReadResource(ftfe),
        0x07 => ProgramPhrase(ftfe),
        0x09 => EraseSector(ftfe),
        0x0B => ProgramSection(ftfe),
        0x40 => ReadOnesAll(ftfe),
        0x41 => ReadOnce(ftfe),
        0x43 => ProgramOnce(ftfe),
        0x44 => EraseAll(ftfe, unsecure: false),
        0x45 => VerifyBackdoorKey(ftfe),
        0x49 => EraseAll(ftfe, unsecure: true),
        _ => Ftfe.AccErr,
    };

    private static int Address(Ftfe ftfe) => (ftfe.Fccob(1) << 16) | (ftfe.Fccob(2) << 8) | ftfe.Fccob(3);

    private static int Count(Ftfe ftfe) => (ftfe.Fccob(4) << 8) | ftfe.Fccob(5);

    private static byte ReadOnesSection(Ftfe ftfe)
    {
        var (address, length, margin) = (Address(ftfe), Count(ftfe) * 32, ftfe.Fccob(6));
        if (address % 32 != 0 || length == 0 || address + length > FlashArray.Size || margin > 2)
            return Ftfe.AccErr;
        return AreOnes(ftfe.Array, address, length, margin) ? None : Ftfe.MgStat0;
    }

    private static byte ReadOnesAll(Ftfe ftfe)
    {
        var margin = ftfe.Fccob(1);
        if (margin > 2)
            return Ftfe.AccErr;
        if (!AreOnes(ftfe.Array, 0, FlashArray.Size, margin))
            return Ftfe.MgStat0;
        ftfe.OpenSecurity();
        return None;
    }

    private static byte ProgramCheck(Ftfe ftfe)
    {
        var (address, margin) = (Address(ftfe), ftfe.Fccob(4));
        if (address % 4 != 0 || address + 4 > FlashArray.Size || margin is 0 or > 2)
            return Ftfe.AccErr;
        for (var index = 0; index < 4; index++)
        {
            // The word lies in the registers as the driver stored it: FCCOBB is the byte at the address.
            var differs = ftfe.Array.Stored(address + index) != ftfe.Fccob(0xB - index);
            if (differs || ftfe.Array.WeakBits(address + index) != 0)
                return Ftfe.MgStat0;
        }
        return None;
    }

    private static byte ReadResource(Ftfe ftfe)
    {
        var (address, option) = (Address(ftfe), ftfe.Fccob(4));
        if (address % 8 != 0 || option > 1 || (option == 1 ? address != 8 : address > 0x3F8))
            return Ftfe.AccErr;
        for (var index = 0; index < 8; index++)
            ftfe.SetFccob(4 + (index ^ 3), option == 1 ? VersionId[index] : Ifr(ftfe, address + index));
        return None;
    }

    /// <summary>The information row: the program-once field lies at 0x3C0, the rest is blank here.</summary>
    private static byte Ifr(Ftfe ftfe, int address) => address >= 0x3C0 ? ftfe.Once[address - 0x3C0] : (byte)0xFF;

    private static ReadOnlySpan<byte> VersionId => [0x00, 0x00, 0x00, 0x00, 0x05, 0x08, 0x00, 0x01];

    private static byte ProgramPhrase(Ftfe ftfe)
    {
        var address = Address(ftfe);
        if (address % 8 != 0 || address + 8 > FlashArray.Size)
            return Ftfe.AccErr;
        if (IsProtected(ftfe, address, 8))
            return Ftfe.FpViol;
        var data = new byte[8];
        for (var index = 0; index < 8; index++)
            data[index] = ftfe.Fccob(4 + (index ^ 3));
        ftfe.Begin(new FlashOperation("program-phrase", address, 8, data), FlashTiming.ProgramPhrase);
        return None;
    }

    private static byte ProgramSection(Ftfe ftfe)
    {
        var (address, units) = (Address(ftfe), Count(ftfe));
        var length = units * 32;
        var crosses = address / FlashArray.SectorSize != (address + length - 1) / FlashArray.SectorSize;
        if (address % 32 != 0 || units == 0 || length > ftfe.FlexRam.Size || crosses || address + length > FlashArray.Size)
            return Ftfe.AccErr;
        if (IsProtected(ftfe, address, length))
            return Ftfe.FpViol;
        var data = new byte[length];
        ftfe.FlexRam.Read(ftfe.FlexRam.Start, data);
        ftfe.Begin(new FlashOperation("program-section", address, length, data), FlashTiming.ProgramUnit * units);
        return None;
    }

    private static byte EraseSector(Ftfe ftfe)
    {
        var address = Address(ftfe);
        if (address % 32 != 0 || address >= FlashArray.Size)
            return Ftfe.AccErr;
        if (IsProtected(ftfe, address, 1))
            return Ftfe.FpViol;
        var start = address / FlashArray.SectorSize * FlashArray.SectorSize;
        ftfe.Begin(new FlashOperation("erase-sector", start, FlashArray.SectorSize, null), FlashTiming.EraseSector);
        return None;
    }

    private static byte EraseAll(Ftfe ftfe, bool unsecure)
    {
        if (!unsecure && ftfe.Protection != 0xFFFFFFFF)
            return Ftfe.FpViol;
        ftfe.Begin(new FlashOperation(unsecure ? "erase-all-unsecure" : "erase-all", 0, FlashArray.Size, null) { OpensChip = unsecure }, FlashTiming.EraseAll);
        ftfe.OpenSecurity();
        return None;
    }

    private static byte ReadOnce(Ftfe ftfe)
    {
        var record = ftfe.Fccob(1);
        if (record > 7)
            return Ftfe.AccErr;
        for (var index = 0; index < 8; index++)
            ftfe.SetFccob(4 + (index ^ 3), ftfe.Once[(record * 8) + index]);
        return None;
    }

    private static byte ProgramOnce(Ftfe ftfe)
    {
        var record = ftfe.Fccob(1);
        if (record > 7 || ftfe.Once.AsSpan(record * 8, 8).ContainsAnyExcept((byte)0xFF))
            return Ftfe.AccErr;
        for (var index = 0; index < 8; index++)
            ftfe.Once[(record * 8) + index] = ftfe.Fccob(4 + (index ^ 3));
        ftfe.Array.Changed?.Invoke(FlashArray.Size, ftfe.Once.Length);
        return None;
    }

    private static byte VerifyBackdoorKey(Ftfe ftfe)
    {
        if (!ftfe.IsBackdoorEnabled)
            return Ftfe.AccErr;
        for (var index = 0; index < 8; index++)
        {
            if (ftfe.Array.Stored(Ftfe.ConfigurationField + index) != ftfe.Fccob(4 + index))
                return Ftfe.AccErr;
        }
        ftfe.OpenSecurity();
        return None;
    }

    /// <summary>At user or factory margin a bit that barely reads one counts as zero.</summary>
    private static bool AreOnes(FlashArray array, int offset, int length, byte margin)
    {
        Span<byte> part = stackalloc byte[256];
        for (var at = offset; at < offset + length; at += part.Length)
        {
            var now = part[..Math.Min(part.Length, offset + length - at)];
            array.Read(at, now);
            if (now.ContainsAnyExcept((byte)0xFF))
                return false;
            for (var index = 0; margin > 0 && array.HasWeakBits(at / FlashArray.SectorSize) && index < now.Length; index++)
            {
                if (array.WeakBits(at + index) != 0)
                    return false;
            }
        }
        return true;
    }

    private static bool IsProtected(Ftfe ftfe, int address, int length)
    {
        const int region = FlashArray.Size / 32;
        for (var index = address / region; index <= (address + length - 1) / region; index++)
        {
            if ((ftfe.Protection & (1u << index)) == 0)
                return true;
        }
        return false;
    }
}
