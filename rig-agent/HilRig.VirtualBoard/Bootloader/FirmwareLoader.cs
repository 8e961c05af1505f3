using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>Says what the core executes at a vector table: what the image's profile claims, or nothing that anyone can see.</summary>
public sealed class FirmwareLoader(FirmwareOptions options, BoardLog? log) : IFirmwareLoader
{
    /// <summary>How long a core takes to lock up and be reset again.</summary>
    private static readonly TimeSpan LockupLoop = TimeSpan.FromMilliseconds(10);

    public Func<ValueTask>? Load(Kv58Chip chip, uint vectorTable, bool isReset)
    {
        var stack = FirmwareProfile.Word(chip.Ftfe.Array, vectorTable);
        var entry = FirmwareProfile.Word(chip.Ftfe.Array, vectorTable + 4);
        if (entry is 0 or uint.MaxValue)
            return () => ResetLoopAsync(chip);
        if (!isReset)
            chip.Core.EnterApplication(entry & ~1u, stack);
        if (FirmwareProfile.Read(chip.Ftfe.Array, vectorTable) is not { } profile)
        {
            log?.Write($"unknown code at 0x{vectorTable:X8}");
            return null;
        }
        if (!profile.IsIntact(chip.Ftfe.Array, vectorTable))
        {
            log?.Write($"damaged code at 0x{vectorTable:X8}: hard fault");
            chip.Core.EnterHardFault(vectorTable);
            return null;
        }
        if (!isReset && vectorTable == KvMap.ApplicationStart && chip.SystemControl.HasStaleInstructions)
        {
            log?.Write("stale code in the I-cache: hard fault");
            chip.Core.EnterHardFault(vectorTable);
            return null;
        }
        log?.Write($"runs {profile.Name} {profile.Version}");
        return profile.Kind == "bootloader"
            ? new KbootFirmware(chip, new FirmwareBehaviour(profile, options), log).RunAsync
            : new Application(chip, profile).RunAsync;
    }

    /// <summary>No vectors: the core locks up and the chip resets itself, for ever.</summary>
    private static async ValueTask ResetLoopAsync(Kv58Chip chip)
    {
        await chip.Firmware.Until(chip.Clock.After(LockupLoop));
        chip.Reset(ResetCause.Lockup);
    }
}
