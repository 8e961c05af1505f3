namespace HilRig.VirtualBoard.Bootloader;

/// <summary>What the command line says about the firmware; it beats the installed release's profile.</summary>
/// <param name="DataCache">Null: as the profile has it.</param>
/// <param name="Invalidates">Null: as the profile has it. True is <c>--firmware fixed</c>.</param>
public sealed record FirmwareOptions(bool? DataCache = null, bool? Invalidates = null);

/// <summary>How one bootloader release behaves: its profile under the command line's options.</summary>
public sealed class FirmwareBehaviour(FirmwareProfile profile, FirmwareOptions options)
{
    public FirmwareProfile Profile => profile;

    /// <summary>The application's CRC is checked before it is started.</summary>
    public bool ChecksCrc => profile["crc"] == "on";

    /// <summary>Built for debugging: it waits for a host for ever unless the boot configuration area names a time (facts: kboot §5.1).</summary>
    public bool IsDebugBuild => profile["build"] == "debug";

    /// <summary>The one rule that it has got wrong.</summary>
    public Defect Defect { get; } = Enum.TryParse<Defect>(profile["defect"].Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var defect) ? defect : Defect.None;

    /// <summary>The startup code turns the D-cache on.</summary>
    public bool IsDataCacheOn => options.DataCache ?? profile.IsDataCacheOn;

    /// <summary>Drops the D-cache lines of a range after erasing it.</summary>
    public bool InvalidatesAfterErase => options.Invalidates ?? profile["invalidate"] is "erase" or "both";

    /// <summary>Drops the D-cache lines of a range after programming it.</summary>
    public bool InvalidatesAfterProgram => options.Invalidates ?? profile["invalidate"] is "program" or "both";
}
