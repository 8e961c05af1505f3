namespace HilRig.Agent.Probe;

public sealed partial class PyOcdProbe
{
    /// <summary>SCB CPUID: readable at any time, changes nothing.</summary>
    private const uint CpuId = 0xE000ED00;

    private const string SavedFile = "saved.bin";
    private const string LoadedFile = "loaded.bin";

    /// <summary>Reads <paramref name="length"/> bytes; the core runs on.</summary>
    public Task<byte[]> ReadMemoryAsync(uint address, int length, MemoryView view, CancellationToken cancellationToken) =>
        ReadingAsync(async pyOcd =>
        {
            await SelectAsync(pyOcd, view, cancellationToken);
            // By its bare name in pyOCD's own folder: a path with a space would be two arguments.
            var file = Path.Combine(pyOcd.WorkFolder, SavedFile);
            File.Delete(file);
            (await pyOcd.RunAsync($"savemem 0x{address:x8} 0x{length:x} {SavedFile}", Timeouts.Transfer(length), cancellationToken)).Expect($"Saved {length} bytes");
            var bytes = File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken) : [];
            return bytes.Length == length
                ? bytes
                : throw new ProbeException($"probe {Uid}: read {bytes.Length} of {length} bytes at 0x{address:X8}", isWorthRestart: true);
        }, cancellationToken);

    /// <summary>Reads one aligned 32-bit word past the cache.</summary>
    public async Task<uint> ReadWordAsync(uint address, CancellationToken cancellationToken) => (await ReadWordsAsync([address], cancellationToken))[0];

    /// <summary>Reads aligned 32-bit words past the cache, all in one line to pyOCD.</summary>
    public Task<IReadOnlyList<uint>> ReadWordsAsync(IReadOnlyList<uint> addresses, CancellationToken cancellationToken) =>
        ReadingAsync(async pyOcd =>
        {
            await SelectAsync(pyOcd, MemoryView.Array, cancellationToken);
            var line = string.Join(';', addresses.Select(address => $"read32 0x{address:x8}"));
            return (await pyOcd.RunAsync(line, Timeouts.Transfer(addresses.Count * 64L), cancellationToken)).Words(addresses.Count);
        }, cancellationToken);

    /// <summary>Writes bytes to RAM or registers, as one block. Flash does not take it: see <see cref="FlashController"/>.</summary>
    public Task WriteMemoryAsync(uint address, ReadOnlyMemory<byte> bytes, MemoryView view, CancellationToken cancellationToken) =>
        OnceAsync(async pyOcd =>
        {
            await SelectAsync(pyOcd, view, cancellationToken);
            await LoadAsync(pyOcd, address, bytes, "", cancellationToken);
        }, cancellationToken);

    /// <summary>Writes one aligned 32-bit word past the cache.</summary>
    public Task WriteWordAsync(uint address, uint value, CancellationToken cancellationToken) =>
        OnceAsync(async pyOcd =>
        {
            await SelectAsync(pyOcd, MemoryView.Array, cancellationToken);
            (await pyOcd.RunAsync($"write32 0x{address:x8} 0x{value:x8}", Timeouts.Command, cancellationToken)).ExpectNothing();
        }, cancellationToken);

    /// <summary>Always said, since pyOCD's default differs by version (facts: 0.38 began to read through the cache).</summary>
    internal async Task SelectAsync(PyOcdSession pyOcd, MemoryView wanted, CancellationToken cancellationToken)
    {
        if (view == wanted)
            return;
        view = null;
        (await pyOcd.RunAsync(wanted == MemoryView.Core ? "set hprot 0xb" : "set hprot 0x3", Timeouts.Command, cancellationToken)).ExpectNothing();
        view = wanted;
    }

    /// <summary>Writes a block and then, in the same line, does what <paramref name="then"/> says; returns the lines of the latter.</summary>
    internal async Task<PyOcdReply> LoadAsync(PyOcdSession pyOcd, uint address, ReadOnlyMemory<byte> bytes, string then, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(Path.Combine(pyOcd.WorkFolder, LoadedFile), bytes, cancellationToken);
        var reply = await pyOcd.RunAsync($"loadmem 0x{address:x8} {LoadedFile};{then}", Timeouts.Transfer(bytes.Length), cancellationToken);
        (reply with { Lines = [.. reply.Lines.Take(1)] }).Expect($"Loaded {bytes.Length} bytes");
        return reply with { Lines = [.. reply.Lines.Skip(1)] };
    }
}
