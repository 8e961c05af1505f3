using System.Runtime.InteropServices;
using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>FlashProgramOnce: a record that no erase brings back.</summary>
public sealed record ProgramOnceStep(uint Index, HexBytes Data) : IStep
{
    /// <summary>As much as a command packet holds behind index and byte count.</summary>
    private const int MostBytes = 20;

    public string? Refuse(Place place, Image? image) =>
        Data.Count % sizeof(uint) != 0 || Data.Count > MostBytes ? $"`data` has {Data.Count} bytes; it takes whole words, at most {MostBytes} bytes (KV58: 8)" : null;

    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) =>
        bench.Bootloader.FlashProgramOnceAsync(Index, MemoryMarshal.Cast<byte, uint>(Data.ToArray()).ToArray(), cancellationToken);
}
