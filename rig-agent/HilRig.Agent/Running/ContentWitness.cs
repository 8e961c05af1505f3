using HilRig.Agent.Bootloader;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Kboot;

namespace HilRig.Agent.Running;

/// <summary>What a step is to leave in flash.</summary>
/// <param name="Bytes">Null: blank.</param>
public sealed record IntendedContent(AddressRange Range, ReadOnlyMemory<byte>? Bytes)
{
    public static IntendedContent Of(ImageSegment segment) => new(new AddressRange(segment.Address, segment.End), segment.Bytes);

    public bool Is(ReadOnlySpan<byte> found) =>
        Bytes is { } bytes ? found.SequenceEqual(bytes.Span[..found.Length]) : !found.ContainsAnyExcept((byte)0xFF);
}

/// <summary>What the flash array holds after a step that said it failed.</summary>
public enum ContentState
{
    /// <summary>The failure says nothing of content, or SWD could not look.</summary>
    NotLookedAt,

    /// <summary>Not what the step was to leave, or the flash controller itself reports an error: the bootloader may well be right.</summary>
    AsClaimed,

    /// <summary>Just what the step was to leave, and the flash controller reports no error.</summary>
    AsIntended,

    /// <summary>Just what the step was to leave, but the bootloader had not been sent it all: the erase before had left it there.</summary>
    NeverErased,
}

/// <summary>Judges by SWD whether a bootloader that says "failed" is right.</summary>
public static class ContentWitness
{
    /// <summary>As far as SWD looks: an erase of a megabyte that failed is proven by its first part already, or not at all.</summary>
    private const uint MaxBytes = 256 * 1024;

    private const uint Ccif = 1 << 7;

    public static async Task<ContentState> LookAsync(Bench bench, Exception thrown, IReadOnlyList<IntendedContent> intended, CancellationToken cancellationToken)
    {
        if (intended.Count == 0 || thrown is not BootloaderStatusException { Command: CommandTag.WriteMemory or CommandTag.FlashEraseRegion or CommandTag.FlashEraseAll } status)
            return ContentState.NotLookedAt;
        foreach (var content in intended)
        {
            var found = await bench.Probe.ReadMemoryAsync(content.Range.Start, (int)Math.Min(content.Range.Size, MaxBytes), MemoryView.Array, cancellationToken);
            if (!content.Is(found))
                return ContentState.AsClaimed;
        }
        if (await HasControllerErrorAsync(bench, cancellationToken))
            return ContentState.AsClaimed;
        if (status.Command != CommandTag.WriteMemory)
            return intended.All(content => content.Bytes is null) ? ContentState.AsIntended : ContentState.AsClaimed;
        return intended.Any(content => content.Range.Size == status.BytesTransferred) ? ContentState.AsIntended : ContentState.NeverErased;
    }

    public static string InWords(ContentState state) => state switch
    {
        ContentState.AsIntended => "SWD finds in flash just what the step was to leave there, and no error in the flash controller",
        ContentState.NeverErased => "SWD finds in flash what was to be erased before the write",
        _ => "",
    };

    /// <summary>FSTAT's error flags stand until the next command: MGSTAT0 after a verify at a margin that SWD cannot see.</summary>
    private static async Task<bool> HasControllerErrorAsync(Bench bench, CancellationToken cancellationToken)
    {
        if (bench.Board.Registers.FirstOrDefault(register => register.Name == "FTFE_FSTAT") is not { } fstat)
            return false;
        var value = await bench.Probe.ReadWordAsync(fstat.Address, cancellationToken) & 0xFF;
        return (value & ~Ccif) != 0;
    }
}
