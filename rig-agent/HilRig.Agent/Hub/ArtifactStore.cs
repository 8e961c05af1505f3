using HilRig.Agent.Running;

namespace HilRig.Agent.Hub;

/// <summary>Images from the server, kept by their digest and checked against it.</summary>
public sealed class ArtifactStore(Uri server, string folder, string? token = null) : IDisposable
{
    private readonly HttpClient client = AgentToken.Client(server, token);

    /// <summary>Path of a file with that content and <paramref name="name"/>; fetched where it is not here yet.</summary>
    public async Task<string> FetchAsync(string digest, string name, CancellationToken cancellationToken)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder, digest)).FullName;
        var path = Path.Combine(home, Path.GetFileName(name));
        if (File.Exists(path))
            return path;
        var bytes = await Policies.Download.ExecuteAsync(async token => await client.GetByteArrayAsync($"/api/v1/artifacts/{digest}", token), cancellationToken);
        if (Digest.Of(bytes) != digest)
            throw new RigException("server", $"image {name}: the server sent {bytes.Length} bytes with another digest than {digest}");
        // Several places may fetch the same image at once: each writes a file of its own, the last rename wins.
        var part = Path.Combine(home, Path.GetRandomFileName());
        await File.WriteAllBytesAsync(part, bytes, cancellationToken);
        File.Move(part, path, overwrite: true);
        return path;
    }

    public void Dispose() => client.Dispose();
}
