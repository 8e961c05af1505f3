using System.Security.Cryptography;
using HilRig.Model;

namespace HilRig.Server.Storage;

/// <summary>Files by their SHA-256, <c>artifacts/&lt;digest&gt;</c>: written once, never changed.</summary>
public sealed class ArtifactStore
{
    /// <summary>Evidence of one cycle is at most 2 MB and an image 8; nothing that belongs here is larger.</summary>
    public const int Largest = 16 << 20;

    private const int DigestLength = 64;
    private readonly string directory;

    public ArtifactStore(string directory)
    {
        this.directory = directory;
        Directory.CreateDirectory(directory);
    }

    /// <summary>True for 64 lower-case hex digits; nothing else is ever turned into a path.</summary>
    public static bool IsDigest(string text) => text.Length == DigestLength && text.All(char.IsAsciiHexDigitLower);

    public bool Contains(string digest) => IsDigest(digest) && File.Exists(PathOf(digest));

    /// <summary>Stores the bytes and answers their digest. A reader sees the whole file or none: it is renamed into its place.</summary>
    public async Task<string> SaveAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        if (Contains(digest))
        {
            // Asked for again: its time begins anew.
            File.SetLastWriteTimeUtc(PathOf(digest), TimeProvider.System.GetUtcNow().UtcDateTime);
            return digest;
        }
        await WholeFile.WriteAsync(PathOf(digest), content, cancellationToken);
        return digest;
    }

    /// <summary>Stores a stream whose digest is known before. Throws <see cref="BadInputException"/> when it has another; nothing is stored then.</summary>
    public async Task SaveAsync(string digest, Stream content, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        await content.CopyToAsync(whole, cancellationToken);
        var bytes = whole.GetBuffer().AsMemory(0, (int)whole.Length);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        if (found != digest)
            throw new BadInputException($"digest: the {bytes.Length} bytes sent have {found}");
        await SaveAsync(bytes, cancellationToken);
    }

    /// <summary>The content, its digest checked again; null where there is no such artifact. Throws when the disk changed it.</summary>
    public async Task<byte[]?> ReadAsync(string digest, CancellationToken cancellationToken)
    {
        if (!Contains(digest))
            return null;
        var content = await File.ReadAllBytesAsync(PathOf(digest), cancellationToken);
        var found = Convert.ToHexStringLower(SHA256.HashData(content));
        return found == digest
            ? content
            : throw new InvalidDataException($"artifact {digest}: its content has the digest {found}; the file was damaged, order the run with the image again after deleting it");
    }

    /// <summary>Deletes what was stored before that time and is not to be kept; answers how many files.</summary>
    public int DeleteOlder(DateTimeOffset before, IReadOnlySet<string> kept)
    {
        var old = Directory.EnumerateFiles(directory)
            .Where(file => IsDigest(Path.GetFileName(file)) && !kept.Contains(Path.GetFileName(file)) && File.GetLastWriteTimeUtc(file) < before.UtcDateTime).ToList();
        old.ForEach(File.Delete);
        return old.Count;
    }

    private string PathOf(string digest) => Path.Combine(directory, digest);
}
