namespace HilRig.Server;

/// <summary>The directory that holds everything a server keeps. One server at a time.</summary>
public sealed class DataDirectory : IDisposable
{
    private readonly FileStream inUse;
    private readonly string shared;

    private DataDirectory(string path, string shared, FileStream inUse) => (FullPath, this.shared, this.inUse) = (path, shared, inUse);

    public string FullPath { get; }

    public string Database => Path.Combine(FullPath, "hilrig.db");

    public string Artifacts => Path.Combine(shared, "artifacts");

    public string Dossiers => Path.Combine(shared, "dossiers");

    /// <summary>Keys that sign what browsers send back; readable for this user only.</summary>
    public DirectoryInfo Keys => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(Path.Combine(shared, "keys"))
        : Directory.CreateDirectory(Path.Combine(shared, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Creates it where it is missing. Throws <see cref="StartException"/> when it cannot be written or another server has it.</summary>
    /// <param name="path">As the person wrote it.</param>
    /// <param name="shared">Where artifacts and keys lie that other servers use too; null for the same directory.</param>
    public static DataDirectory Open(string path, string? shared = null)
    {
        try
        {
            var full = Path.GetFullPath(path);
            Directory.CreateDirectory(full);
            return new DataDirectory(full, Path.GetFullPath(shared ?? path), Occupy(full, path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"data directory {path} cannot be written ({exception.Message}); choose another with --data");
        }
    }

    public void Dispose() => inUse.Dispose();

    private static FileStream Occupy(string full, string path)
    {
        var file = Path.Combine(full, "server.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new StartException($"data directory {path} is in use by another server; stop that one or choose another with --data");
        }
    }
}
