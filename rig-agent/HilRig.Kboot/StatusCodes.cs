namespace HilRig.Kboot;

/// <summary>Names of status words as NXP's headers spell them.</summary>
public static class StatusCodes
{
    /// <summary>For example <c>kStatusMemoryCumulativeWrite</c>; an unknown word reads <c>status-12345</c>.</summary>
    public static string ToManualName(this StatusCode status) => status switch
    {
        StatusCode.Success => "kStatus_Success",
        StatusCode.Fail => "kStatus_Fail",
        StatusCode.ReadOnly => "kStatus_ReadOnly",
        StatusCode.OutOfRange => "kStatus_OutOfRange",
        StatusCode.InvalidArgument => "kStatus_InvalidArgument",
        StatusCode.Timeout => "kStatus_Timeout",
        StatusCode.NoTransferInProgress => "kStatus_NoTransferInProgress",
        StatusCode.FlashSizeError => "kStatus_FlashSizeError",
        StatusCode.FlashAlignmentError => "kStatus_FlashAlignmentError",
        StatusCode.FlashAddressError => "kStatus_FlashAddressError",
        StatusCode.FlashAccessError => "kStatus_FlashAccessError",
        StatusCode.FlashProtectionViolation => "kStatus_FlashProtectionViolation",
        StatusCode.FlashCommandFailure => "kStatus_FlashCommandFailure",
        StatusCode.UnknownCommand => "kStatus_UnknownCommand",
        StatusCode.SecurityViolation => "kStatus_SecurityViolation",
        StatusCode.AbortDataPhase => "kStatus_AbortDataPhase",
        StatusCode.Ping => "kStatus_Ping",
        StatusCode.RomLdrSignature => "kStatusRomLdrSignature",
        StatusCode.MemoryRangeInvalid => "kStatusMemoryRangeInvalid",
        StatusCode.MemoryReadFailed => "kStatusMemoryReadFailed",
        StatusCode.MemoryWriteFailed => "kStatusMemoryWriteFailed",
        StatusCode.MemoryCumulativeWrite => "kStatusMemoryCumulativeWrite",
        StatusCode.UnknownProperty => "kStatus_UnknownProperty",
        StatusCode.ReadOnlyProperty => "kStatus_ReadOnlyProperty",
        StatusCode.InvalidPropertyValue => "kStatus_InvalidPropertyValue",
        _ => $"status-{(uint)status}",
    };
}
