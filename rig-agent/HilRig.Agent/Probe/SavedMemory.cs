namespace HilRig.Agent.Probe;

/// <summary>
/// Memory that pyOCD saves into a file of its own folder, named bare: a path with a space would be two arguments. What an
/// earlier command left there is gone before pyOCD is asked.
/// </summary>
internal sealed class SavedMemory
{
    private readonly string path;
    private readonly uint address;
    private readonly int length;

    public SavedMemory(string folder, uint address, int length, string name)
    {
        path = Path.Combine(folder, name);
        (this.address, this.length) = (address, length);
        Command = $"savemem 0x{address:x8} 0x{length:x} {name}";
        Reply = $"Saved {length} bytes";
        File.Delete(path);
    }

    public string Command { get; }

    /// <summary>How pyOCD's answer begins.</summary>
    public string Reply { get; }

    /// <summary>What it saved; a file that is not whole is a failure of the probe <paramref name="uid"/>.</summary>
    public async Task<byte[]> TakeAsync(string uid, CancellationToken cancellationToken)
    {
        var bytes = File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : [];
        return bytes.Length == length
            ? bytes
            : throw new ProbeException($"probe {uid}: read {bytes.Length} of {length} bytes at 0x{address:X8}", isWorthRestart: true);
    }
}
