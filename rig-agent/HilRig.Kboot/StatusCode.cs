namespace HilRig.Kboot;

/// <summary>Status words of KBOOT 2.0: group × 100 + code. Only those with a name of their own here; see <see cref="StatusCodes"/> for words.</summary>
public enum StatusCode : uint
{
    Success = 0,
    Fail = 1,
    ReadOnly = 2,
    OutOfRange = 3,
    InvalidArgument = 4,
    Timeout = 5,
    NoTransferInProgress = 6,
    FlashSizeError = 100,
    FlashAlignmentError = 101,
    FlashAddressError = 102,
    FlashAccessError = 103,
    FlashProtectionViolation = 104,
    FlashCommandFailure = 105,
    UnknownCommand = 10000,
    SecurityViolation = 10001,
    AbortDataPhase = 10002,
    Ping = 10003,
    RomLdrSignature = 10101,
    MemoryRangeInvalid = 10200,
    MemoryReadFailed = 10201,
    MemoryWriteFailed = 10202,
    MemoryCumulativeWrite = 10203,
    UnknownProperty = 10300,
    ReadOnlyProperty = 10301,
    InvalidPropertyValue = 10302,
}
