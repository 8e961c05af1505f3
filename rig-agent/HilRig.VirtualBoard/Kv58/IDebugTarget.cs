namespace HilRig.VirtualBoard.Kv58;

/// <summary>Which memory an AHB-AP access sees; HPROT[3] chooses (facts: pyocd §6).</summary>
public enum BusView
{
    /// <summary>Non-cacheable: the flash array and the RAM cells.</summary>
    Array,

    /// <summary>Cacheable: a hit in the L1 D-cache wins when CCR.DC is set.</summary>
    Core,
}

/// <summary>What started the chip anew; each has its RCM_SRS bits.</summary>
public enum ResetCause
{
    PowerOn,
    Pin,
    SystemResetRequest,
    Watchdog,
    Lockup,

    /// <summary>VECTRESET: the core alone.</summary>
    CoreOnly,

    /// <summary>MDM-AP CTRL system reset request.</summary>
    DebugPort,
}

/// <summary>The chip as its debug port sees it. The port knows nothing of the bootloader that runs on the chip.</summary>
public interface IDebugTarget
{
    /// <summary>Held for each access: the whole chip is one state.</summary>
    Lock Gate { get; }

    bool IsPowered { get; }

    /// <summary>nRESET is low.</summary>
    bool IsHeldInReset { get; }

    /// <summary>FTFE_FSEC.SEC says secured: the AHB-AP faults, the MDM-AP answers.</summary>
    bool IsSecured { get; }

    bool IsMassEraseEnabled { get; }

    bool IsBackdoorEnabled { get; }

    /// <summary>IDR of the MDM-AP.</summary>
    uint MdmIdentification { get; }

    /// <summary>The flash controller has finished starting.</summary>
    bool IsFlashReady { get; }

    /// <summary>The debug half of the core: registers, halt, step.</summary>
    CoreDebug Core { get; }

    /// <summary>Reads 1, 2 or 4 bytes at an aligned address; false is a bus fault.</summary>
    bool TryRead(uint address, int size, BusView view, out uint value);

    /// <summary>Reads consecutive words as so many <see cref="TryRead"/> would, at the cost of one; returns how many came before a bus fault.</summary>
    int ReadWords(uint address, Span<uint> words, BusView view);

    /// <summary>Writes 1, 2 or 4 bytes at an aligned address; false is a bus fault. Flash is written only through the FTFE.</summary>
    bool TryWrite(uint address, int size, uint value, BusView view);

    /// <summary>Pulls nRESET low or lets it go.</summary>
    void DrivePinReset(bool low);

    void Reset(ResetCause cause);

    /// <summary>MDM-AP mass erase: all FF, FSEC FE.</summary>
    void MassErase();
}
