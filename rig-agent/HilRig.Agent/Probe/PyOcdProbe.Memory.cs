namespace HilRig.Agent.Probe;

public sealed partial class PyOcdProbe
{
    /// <summary>SCB CPUID: readable at any time, changes nothing.</summary>
    private const uint CpuId = 0xE000ED00;

    private const string Past = "set hprot 0x3", Through = "set hprot 0xb";

    private const string LoadedFile = "loaded.bin";

    /// <summary>Reads <paramref name="length"/> bytes; the core runs on.</summary>
    public Task<byte[]> ReadMemoryAsync(uint address, int length, MemoryView view, CancellationToken cancellationToken) =>
        ReadingAsync(async pyOcd =>
        {
            await SelectAsync(pyOcd, view, cancellationToken);
            var saved = new SavedMemory(pyOcd.WorkFolder, address, length, "saved.bin");
            (await pyOcd.RunAsync(saved.Command, Timeouts.Transfer(length), cancellationToken)).Expect(saved.Reply);
            return await saved.TakeAsync(Uid, cancellationToken);
        }, cancellationToken);

    /// <summary>
    /// Reads each range as the array holds it and then as the core sees it, the core running on. One line to pyOCD, so that
    /// nothing but its own transfers lies between the two. The array comes first: a cacheable access might fill a line.
    /// </summary>
    public Task<IReadOnlyList<(byte[] Array, byte[] Core)>> ReadViewsAsync(IReadOnlyList<(uint Address, int Length)> ranges, CancellationToken cancellationToken) =>
        ReadingAsync<IReadOnlyList<(byte[], byte[])>>(async pyOcd =>
        {
            SavedMemory[] Files(string name) => [.. ranges.Select((range, index) => new SavedMemory(pyOcd.WorkFolder, range.Address, range.Length, $"{name}-{index}.bin"))];
            var (array, core) = (Files("array"), Files("core"));
            view = null;
            var line = string.Join(';', [Past, .. array.Select(file => file.Command), Through, .. core.Select(file => file.Command)]);
            var reply = await pyOcd.RunAsync(line, Timeouts.Transfer(2L * ranges.Sum(range => range.Length)), cancellationToken);
            reply.ExpectEach([.. array.Concat(core).Select(file => file.Reply)]);
            view = MemoryView.Core;
            var views = new (byte[], byte[])[ranges.Count];
            for (var index = 0; index < views.Length; index++)
                views[index] = (await array[index].TakeAsync(Uid, cancellationToken), await core[index].TakeAsync(Uid, cancellationToken));
            return views;
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
        (await pyOcd.RunAsync(wanted == MemoryView.Core ? Through : Past, Timeouts.Command, cancellationToken)).ExpectNothing();
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
