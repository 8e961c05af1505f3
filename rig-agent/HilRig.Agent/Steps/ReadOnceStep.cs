using System.Runtime.InteropServices;
using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>FlashReadOnce of the first words of a record; with <paramref name="Data"/> it passes only if just that is read.</summary>
public sealed record ReadOnceStep(uint Index, HexBytes? Data = null) : IStep
{
    /// <summary>A record of the KV58; KBOOT 2.0 answers with what lies behind it where more is asked for (facts: kboot §2).</summary>
    private const uint RecordSize = 8;

    public string? Refuse(Place place, Image? image) =>
        Data is { } data && (data.Count > RecordSize || data.Count % sizeof(uint) != 0) ? $"`data` has {data.Count} bytes; a record is read in whole words, at most {RecordSize} bytes" : null;

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var words = await bench.Bootloader.FlashReadOnceAsync(Index, (uint?)Data?.Count ?? RecordSize, cancellationToken);
        ReadResult.Take(bench, 0, MemoryMarshal.AsBytes(words.ToArray().AsSpan()), Data);
    }
}
