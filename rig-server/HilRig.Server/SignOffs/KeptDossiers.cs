using HilRig.Analysis.SignOff;
using HilRig.Model;
using HilRig.Server.Storage;

namespace HilRig.Server.SignOffs;

/// <summary>What people gave their word for, as it was then: <c>dossiers/HEAD.zip</c>, without the approvals. A later program may count or print otherwise.</summary>
public sealed class KeptDossiers
{
    private readonly string directory;

    public KeptDossiers(string directory)
    {
        this.directory = directory;
        Directory.CreateDirectory(directory);
    }

    /// <summary>Keeps the contents under the head of their chain.</summary>
    public Task KeepAsync(string head, IReadOnlyList<(string Name, byte[] Content)> contents, CancellationToken cancellationToken) =>
        File.Exists(PathOf(head)) ? Task.CompletedTask : WholeFile.WriteAsync(PathOf(head), Dossier.Pack(contents), cancellationToken);

    /// <summary>Null where the first word was given to a server that kept none. Throws <see cref="BadInputException"/> when the disk changed it.</summary>
    public async Task<IReadOnlyList<(string Name, byte[] Content)>?> FindAsync(IReadOnlyList<SignOffApproval> approvals, CancellationToken cancellationToken)
    {
        if (HeadOf(approvals) is not { } head)
            return null;
        var path = PathOf(head);
        var contents = Dossier.Unpack(await File.ReadAllBytesAsync(path, cancellationToken), path);
        return Dossier.Head(Dossier.Chain(contents)) == head
            ? contents
            : throw new BadInputException($"{path}: its contents are not those that were approved; the file was damaged, put it back from a backup");
    }

    /// <summary>The first head that a word was given for and whose contents are kept.</summary>
    public string? HeadOf(IReadOnlyList<SignOffApproval> approvals) =>
        approvals.Select(approval => approval.Head).FirstOrDefault(head => ArtifactStore.IsDigest(head) && File.Exists(PathOf(head)));

    private string PathOf(string head) => Path.Combine(directory, $"{head}.zip");
}
