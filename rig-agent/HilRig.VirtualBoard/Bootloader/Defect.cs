namespace HilRig.VirtualBoard.Bootloader;

/// <summary>
/// A rule that a release has got wrong, by its profile's line <c>defect=…</c>. Each changes what the code does at one place, at every
/// call, and knows nothing of who looks.
/// </summary>
public enum Defect
{
    None,

    /// <summary>Answers a write before its last section is programmed; that follows with the next command, or never.</summary>
    AnswersEarly,

    /// <summary>Counts units with "less than" once too often: the last 32 bytes of a write are not programmed.</summary>
    SkipsLastUnit,

    /// <summary>Clears bit 0 of every 16th byte on the way to the programming RAM, and verifies against that.</summary>
    SpoilsBits,

    /// <summary>The copy to the programming RAM does not advance once: a section's second unit is its first again.</summary>
    RepeatsUnit,

    /// <summary>Spoils bits, and serves read-memory from what the host sent.</summary>
    EchoesWrites,

    /// <summary>Takes the flash driver's "done" for an error code: a write that went well is answered with 105.</summary>
    FailsGoodWrites,

    /// <summary>The same for erases.</summary>
    FailsGoodErases,

    /// <summary>Takes every sector for blank already, and erases none.</summary>
    ErasesNothing,

    /// <summary>Rounds the start of an erase down by one sector too many.</summary>
    ErasesBefore,

    /// <summary>An erase clears a bit in the flash configuration field, FDPROT at 0x1000040F.</summary>
    AltersConfiguration,

    /// <summary>Answers the reset command and goes on.</summary>
    IgnoresReset,
}
