namespace HilRig.VirtualBoard;

/// <summary>A stable name for a pseudo-terminal whose number changes: a symbolic link, gone when the board ends.</summary>
public sealed class SerialLink : IDisposable
{
    private readonly string path;
    private readonly string target;

    /// <summary>Replaces an older link; a file of any other kind is left alone and named.</summary>
    public SerialLink(string path, string target)
    {
        this.path = path;
        this.target = target;
        var existing = new FileInfo(path);
        if (existing.LinkTarget is not null)
            existing.Delete();
        else if (existing.Exists || Directory.Exists(path))
            throw new UsageException($"--serial {path}: is a file that is no link; a link to the serial device goes there, so choose another name or remove it");
        try
        {
            File.CreateSymbolicLink(path, target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--serial {path}: the link cannot be made ({error.Message.TrimEnd('.')}); choose a folder that exists and may be written");
        }
    }

    public void Dispose()
    {
        // Somebody else's board may have taken the name over.
        if (new FileInfo(path).LinkTarget == target)
            File.Delete(path);
    }
}
