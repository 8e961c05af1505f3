using System.Text;
using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

public sealed class ArtifactStoreTests
{
    /// <summary>SHA-256 of "abc", FIPS 180-4's example.</summary>
    private const string AbcDigest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private string directory = null!;
    private ArtifactStore store = null!;

    [SetUp]
    public void Create()
    {
        directory = Directory.CreateTempSubdirectory("hilrig-artifacts-").FullName;
        store = new ArtifactStore(directory);
    }

    [TearDown]
    public void Remove() => Directory.Delete(directory, recursive: true);

    [Test]
    public async Task Content_lies_under_its_digest_once_and_nothing_else_is_left()
    {
        Assert.That(await store.SaveAsync("abc"u8.ToArray(), default), Is.EqualTo(AbcDigest));
        Assert.That(await store.SaveAsync("abc"u8.ToArray(), default), Is.EqualTo(AbcDigest));

        Assert.That(Directory.GetFiles(directory).Select(Path.GetFileName), Is.EqualTo(new[] { AbcDigest }));
        Assert.That(Encoding.ASCII.GetString((await store.ReadAsync(AbcDigest, default))!), Is.EqualTo("abc"));
    }

    [Test]
    public async Task Content_that_the_disk_changed_is_not_handed_out()
    {
        await store.SaveAsync("abc"u8.ToArray(), default);
        await File.WriteAllTextAsync(Path.Combine(directory, AbcDigest), "abd");

        Assert.That(async () => await store.ReadAsync(AbcDigest, default), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(AbcDigest));
    }

    [TestCase("../secret")]
    [TestCase("")]
    [TestCase("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    public async Task Only_a_digest_is_ever_looked_up(string digest)
    {
        Assert.That(await store.ReadAsync(digest, default), Is.Null);
    }
}
