namespace HilRig.Kboot;

/// <summary>First byte of a command packet's payload (KBTLDR200RM ch. 5).</summary>
public enum CommandTag : byte
{
    FlashEraseAll = 0x01,
    FlashEraseRegion = 0x02,
    ReadMemory = 0x03,
    WriteMemory = 0x04,
    FillMemory = 0x05,
    FlashSecurityDisable = 0x06,
    GetProperty = 0x07,
    ReceiveSbFile = 0x08,
    Execute = 0x09,
    Call = 0x0A,
    Reset = 0x0B,
    SetProperty = 0x0C,
    FlashEraseAllUnsecure = 0x0D,
    FlashProgramOnce = 0x0E,
    FlashReadOnce = 0x0F,
    FlashReadResource = 0x10,
    ConfigureQuadSpi = 0x11,
    ReliableUpdate = 0x12,

    /// <summary>Status and the tag of the command it answers.</summary>
    GenericResponse = 0xA0,
    ReadMemoryResponse = 0xA3,
    GetPropertyResponse = 0xA7,
    FlashReadOnceResponse = 0xAF,
    FlashReadResourceResponse = 0xB0,
}

/// <summary>The manual's spelling of command names, as hosts print them.</summary>
public static class CommandTagNames
{
    /// <summary>For example <c>flash-erase-region</c>; an unknown tag reads <c>command-0x13</c>.</summary>
    public static string ToManualName(this CommandTag tag) => tag switch
    {
        CommandTag.FlashEraseAll => "flash-erase-all",
        CommandTag.FlashEraseRegion => "flash-erase-region",
        CommandTag.ReadMemory => "read-memory",
        CommandTag.WriteMemory => "write-memory",
        CommandTag.FillMemory => "fill-memory",
        CommandTag.FlashSecurityDisable => "flash-security-disable",
        CommandTag.GetProperty => "get-property",
        CommandTag.ReceiveSbFile => "receive-sb-file",
        CommandTag.Execute => "execute",
        CommandTag.Call => "call",
        CommandTag.Reset => "reset",
        CommandTag.SetProperty => "set-property",
        CommandTag.FlashEraseAllUnsecure => "flash-erase-all-unsecure",
        CommandTag.FlashProgramOnce => "flash-program-once",
        CommandTag.FlashReadOnce => "flash-read-once",
        CommandTag.FlashReadResource => "flash-read-resource",
        CommandTag.ConfigureQuadSpi => "configure-quadspi",
        CommandTag.ReliableUpdate => "reliable-update",
        CommandTag.GenericResponse => "generic-response",
        CommandTag.ReadMemoryResponse => "read-memory-response",
        CommandTag.GetPropertyResponse => "get-property-response",
        CommandTag.FlashReadOnceResponse => "flash-read-once-response",
        CommandTag.FlashReadResourceResponse => "flash-read-resource-response",
        _ => $"command-0x{(byte)tag:X2}",
    };
}
