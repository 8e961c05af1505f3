using HilRig.Agent.Bootloader;
using HilRig.Agent.Images;
using HilRig.Kboot;

namespace HilRig.Agent.Running;

/// <summary>What the map of the board's type says of a request that the board refused.</summary>
public enum RequestState
{
    /// <summary>Nothing: it has no address, or one that is in neither flash nor RAM.</summary>
    Unknown,

    /// <summary>A sound bootloader carries it out.</summary>
    Sound,

    /// <summary>A sound bootloader refuses it.</summary>
    Refusable,
}

/// <summary>Judges by the board type's map whether a bootloader that says "you ask wrongly" is right.</summary>
public static class RequestWitness
{
    /// <summary>Statuses that accuse the request, not its execution (KBOOT 2.0: fsl_flash.c, memory.c, property.c, bl_command.c).</summary>
    public static bool IsAccused(StatusCode status) => status
        is StatusCode.InvalidArgument
        or StatusCode.FlashAlignmentError or StatusCode.FlashAddressError or StatusCode.FlashAccessError
        or StatusCode.UnknownCommand or StatusCode.MemoryRangeInvalid
        or StatusCode.UnknownProperty or StatusCode.ReadOnlyProperty or StatusCode.InvalidPropertyValue;

    public static RequestState Look(FlashMap map, CommandPacket? asked)
    {
        if (asked is not { Tag: CommandTag.WriteMemory or CommandTag.FillMemory or CommandTag.FlashEraseRegion or CommandTag.ReadMemory } request)
            return RequestState.Unknown;
        var range = AddressRange.Of(request[0], request[1]);
        if (!map.Flash.Overlaps(range.Start, Math.Max(range.End, range.Start + 1UL)))
            return RequestState.Unknown;
        if (!map.Flash.Contains(range))
            return RequestState.Refusable;
        if (request.Tag == CommandTag.ReadMemory)
            return RequestState.Sound;
        var isAligned = range.Start % map.WriteAlignment == 0 && (request.Tag != CommandTag.FlashEraseRegion || range.Size % map.WriteAlignment == 0);
        return isAligned && !map.Bootloader.Overlaps(range.Start, range.End) ? RequestState.Sound : RequestState.Refusable;
    }
}
