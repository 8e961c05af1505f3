using System.Buffers.Binary;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Faults;

/// <summary>Faults of the array, its clock and its configuration field.</summary>
internal static class FlashFaultKinds
{
    private const uint ConfigurationField = KvMap.FlashStart + Ftfe.ConfigurationField;

    public static IEnumerable<FaultKind> All =>
    [
        new("cells-fall", "F7 F8", "address=0x1000A100, length=1, value=0, ms=1", "10203 that a reset does not cure; read-memory agrees with SWD", "not FF", CellsFall),
        new("weak-cells", "F9", "p=0.001, bits=1, operation=erase|program", "105 from erase or write while verify-writes is 1; with 0 nothing", "a few bits that vary from read to read", WeakCells),
        new("fprot", "F10", "mask=0xFFFFFFFE", "erase and write of a protected region: 104", "unchanged", Protect),
        new("slow-flash", "F22", "factor=100", "no answer within the host's time; the answer comes into the next session", "erased in the end", (text, site) => site.Chip.Ftfe.Slowness = text.Real("factor", 100, 1, 1e6)),
        new("fsec", "F23 F24", "value=0xFF", "property 11 is 1; erase, write and read: 10001 (value=0xEF: mass erase refused as well)", "MDM-AP only; memory access faults", Secure),
        new("blank", "F25", "", "no ping answer", "MDM-AP: secured, memory faults; after a mass erase FF everywhere and SRS1 says lockup", Blank),
        new("bca", "F27", "peripherals=0xFE, timeout=0, flags=0xFF", "after the next start no answer on the UART", "the application runs", BootConfigurationArea),
        new("bca-crc", "F31", "count=1024, expected=0", "with release kboot-2.0.0-crc: the update ends with 0, after the reset the bootloader stays and property 08 is 10401 (others do not build the check: 10300)", "the image, and its configuration area", ApplicationCrc),
    ];

    /// <summary>Cells that an erase had lifted fall again a little later: the controller's verify has passed by then.</summary>
    private static void CellsFall(FaultText text, FaultSite site)
    {
        var address = (uint)text.Number("address", KvMap.ApplicationStart + 0x100, KvMap.FlashStart, KvMap.FlashEnd - 1);
        var cells = new byte[text.Number("length", 1, 1, FlashArray.SectorSize)];
        cells.AsSpan().Fill((byte)text.Number("value", 0, 0, 0xFF));
        var delay = text.Milliseconds("ms", 1);
        site.Chip.Ftfe.Completed += operation =>
        {
            var start = KvMap.FlashStart + (uint)operation.Offset;
            if (operation.Data is null && address >= start && address < start + operation.Length)
                site.Chip.Timers.At(site.Chip.Clock.AfterScaled(delay), () => site.SetCells(address, cells));
        };
    }

    private static void WeakCells(FaultText text, FaultSite site)
    {
        var probability = text.Real("p", 0.001);
        var bits = (int)text.Number("bits", 1, 1, 64);
        var struck = text.Word("operation", "erase", "program");
        site.Chip.Ftfe.Completed += operation =>
        {
            if (operation.Data is null != (struck == "erase") || site.Chance.NextDouble() >= probability)
                return;
            for (var bit = 0; bit < bits; bit++)
                site.Array.Weaken(operation.Offset + site.Chance.Next(operation.Length), (byte)(1 << site.Chance.Next(8)));
        };
    }

    private static void Protect(FaultText text, FaultSite site)
    {
        var mask = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(mask, (uint)text.Number("mask", 0xFFFFFFFE));
        site.Chip.Restarted += _ =>
        {
            // As if the field had said so: it is read at the start, before this.
            for (var index = 0; index < 4; index++)
                site.Chip.Ftfe.Write(0x10 + index, mask[index]);
        };
    }

    private static void Secure(FaultText text, FaultSite site)
    {
        var value = (byte)text.Number("value", 0xFF, 0, 0xFF);
        BeforeFirstStart(site, () => site.SetCells(ConfigurationField + 12, [value]));
    }

    private static void Blank(FaultText text, FaultSite site) => BeforeFirstStart(site, () =>
    {
        for (var sector = 0; sector < FlashArray.Sectors; sector++)
            site.Array.EraseSector(sector);
    });

    /// <summary>A configuration area with a good tag and bad advice, in an application that has none.</summary>
    private static void BootConfigurationArea(FaultText text, FaultSite site)
    {
        var area = BlankArea();
        area[0x10] = (byte)text.Number("peripherals", 0xFE, 0, 0xFF);
        BinaryPrimitives.WriteUInt16LittleEndian(area.AsSpan(0x12), (ushort)text.Number("timeout", 0, 0, 0xFFFF));
        area[0x1E] = (byte)text.Number("flags", 0xFF, 0, 0xFF);
        WithTheApplication(site, area);
    }

    /// <summary>A configuration area that asks for a CRC which the application does not have.</summary>
    private static void ApplicationCrc(FaultText text, FaultSite site)
    {
        var area = BlankArea();
        BinaryPrimitives.WriteUInt32LittleEndian(area.AsSpan(0x04), KvMap.ApplicationStart);
        BinaryPrimitives.WriteUInt32LittleEndian(area.AsSpan(0x08), (uint)text.Number("count", 1024, 1, FlashArray.Size));
        BinaryPrimitives.WriteUInt32LittleEndian(area.AsSpan(0x0C), (uint)text.Number("expected", 0));
        WithTheApplication(site, area);
    }

    private static byte[] BlankArea()
    {
        var area = new byte[64];
        area.AsSpan().Fill(0xFF);
        "kcfg"u8.CopyTo(area);
        return area;
    }

    /// <summary>The area is in the application that was just programmed, as if its file had had it.</summary>
    private static void WithTheApplication(FaultSite site, byte[] area) => site.Chip.Ftfe.Completed += operation =>
    {
        const int at = (int)(KvMap.ApplicationStart - KvMap.FlashStart) + 0x3C0;
        if (operation.Data is not null && at >= operation.Offset && at < operation.Offset + operation.Length)
            site.SetCells(KvMap.ApplicationStart + 0x3C0, area);
    };

    /// <summary>The first start must find it: the power-on reset loads FSEC from the array.</summary>
    private static void BeforeFirstStart(FaultSite site, Action change) => site.Chip.FactoryDone += change;
}
