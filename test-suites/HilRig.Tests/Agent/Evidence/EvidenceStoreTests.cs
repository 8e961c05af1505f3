using System.IO.Compression;
using System.Text;
using HilRig.Agent.Evidence;
using HilRig.Agent.Running;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Evidence;

public class EvidenceStoreTests
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("hilrig-evidence-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_content_is_kept_once_packed_under_its_digest_and_the_index_says_where_it_belongs()
    {
        var store = new EvidenceStore(folder, "r-1");
        var content = Encoding.UTF8.GetBytes(new string('x', 100_000));
        store.Begin(1);

        var first = store.Keep(Item("a"), content);
        store.Index(0, [first]);
        store.Begin(2);
        var second = store.Keep(Item("b"), content);

        Assert.That((first.Digest, first.Size), Is.EqualTo((Digest.Of(content), 100_000)));
        Assert.That(second.Digest, Is.EqualTo(first.Digest));
        var file = Directory.GetFiles(folder, "*.gz", SearchOption.AllDirectories).Single();
        Assert.That(file, Is.EqualTo(EvidenceStore.PathOf(folder, first.Digest!)));
        using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        packed.CopyTo(unpacked);
        Assert.That(unpacked.ToArray(), Is.EqualTo(content));
        Assert.That(File.ReadAllText(Path.Combine(folder, "r-1.jsonl")), Does.Contain(first.Digest));
    }

    [Test]
    public void A_cycle_keeps_at_most_2_MB_and_what_is_over_says_so()
    {
        var store = new EvidenceStore(folder, "r-1");
        var noise = new Random(7);
        var kept = new List<EvidenceItem>();
        foreach (var step in Enumerable.Range(0, 4))
        {
            store.Begin(3);
            var content = new byte[700_000];
            noise.NextBytes(content);
            kept.Add(store.Keep(Item(new string('t', 5000)), content));
            store.Index(step, kept[^1..]);
        }

        var onDisk = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Assert.That(onDisk + kept.Sum(item => item.Text.Length), Is.LessThanOrEqualTo(2 * 1024 * 1024));
        Assert.That(kept.Select(item => item.Missing is null), Is.EqualTo(new[] { true, true, false, false }));
        Assert.That(kept[3].Missing, Does.Contain("a cycle may keep"));
        store.Begin(4);
        Assert.That(store.Keep(Item("next"), new byte[10]).Missing, Is.Null, "the next cycle has its own allowance");
    }

    [Test]
    public void A_disk_that_takes_nothing_more_leaves_the_text_and_says_why()
    {
        File.WriteAllText(Path.Combine(folder, "file"), "");
        var store = new EvidenceStore(Path.Combine(folder, "file", "evidence"), "r-1");
        store.Begin(1);

        var text = store.Keep(Item("text"), [1]);
        var binary = store.Keep(Item(""), [1]);
        store.Index(0, [text, binary]);

        Assert.That((text.Text, text.Digest, text.Missing), Is.EqualTo(("text", (string?)null, (string?)null)));
        Assert.That(text.Title, Does.Contain("only what stands here is kept"));
        Assert.That(binary.Missing, Does.Contain("cannot be kept"));
    }

    private static EvidenceItem Item(string text) => new("other", "something", text, null);
}
