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

    /// <summary>Not blank, and no step of the run had erased it for this write: the bootloader is right to refuse.</summary>
    InUse,
}

/// <summary>Judges by SWD whether a bootloader that says "failed" is right.</summary>
public static class ContentWitness
{
    /// <summary>As far as SWD looks: an erase of a megabyte that failed is proven by its first part already, or not at all.</summary>
    private const uint MaxBytes = 256 * 1024;

    private const uint Ccif = 1 << 7;

    public static async Task<ContentState> LookAsync(Bench bench, Exception thrown, IReadOnlyList<IntendedContent> intended, CancellationToken cancellationToken)
    {
        if (thrown is BootloaderStatusException { Status: StatusCode.MemoryCumulativeWrite } && bench is { WritesOverUse: true, Touched: { } range })
            return await IsBlankAsync(bench, range, cancellationToken) ? ContentState.NotLookedAt : ContentState.InUse;
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
        ContentState.InUse => "SWD finds that flash in use, and no step of the run had erased it for this write",
        _ => "",
    };

    private static async Task<bool> IsBlankAsync(Bench bench, AddressRange range, CancellationToken cancellationToken)
    {
        var found = await bench.Probe.ReadMemoryAsync(range.Start, (int)Math.Min(range.Size, MaxBytes), MemoryView.Array, cancellationToken);
        return !found.AsSpan().ContainsAnyExcept((byte)0xFF);
    }

    /// <summary>CCIF is clear for as long as a command runs.</summary>
    public static async Task<bool> IsControllerBusyAsync(Bench bench, CancellationToken cancellationToken) =>
        await ReadStatusAsync(bench, cancellationToken) is { } status && (status & Ccif) == 0;

    /// <summary>FSTAT's error flags stand until the next command: MGSTAT0 after a verify at a margin that SWD cannot see.</summary>
    private static async Task<bool> HasControllerErrorAsync(Bench bench, CancellationToken cancellationToken) =>
        await ReadStatusAsync(bench, cancellationToken) is { } status && (status & ~Ccif) != 0;

    /// <summary>FSTAT; null where the board type does not name it.</summary>
    private static async Task<uint?> ReadStatusAsync(Bench bench, CancellationToken cancellationToken) =>
        bench.Board.Registers.FirstOrDefault(register => register.Name == "FTFE_FSTAT") is { } status
            ? await bench.Probe.ReadWordAsync(status.Address, cancellationToken) & 0xFF
            : null;
}
