using HilRig.Model;
using HilRig.Model.Flags;
using NUnit.Framework;

namespace HilRig.Tests.Server.Judging;

/// <summary>Rules of known issues beside the flags they are for.</summary>
public sealed class KnownIssueTests
{
    private string file = null!;

    [SetUp]
    public void Create() => file = Path.GetTempFileName();

    [TearDown]
    public void Remove() => File.Delete(file);

    [Test]
    public async Task A_flag_that_somebody_has_taken_on_is_shown_with_the_name_and_stays_counted()
    {
        Write("BL-17", "2099-01-01");
        await using var server = await StartAsync();
        await server.StoreAsync(new RunScript("r-1").Cycle(RunScript.CumulativeWrite).Cycle().End());

        var flag = (await server.GetAsync<List<Flag>>("/api/v1/flags")).Single();

        Assert.That((flag.Known!.Id, flag.Known.Owner, flag.Rate.Failures), Is.EqualTo(("BL-17", "ann", 1)));
        Assert.That(await server.Http.GetStringAsync("/failures"), Does.Contain("Known as BL-17").And.Contain("ann answers for it"));
    }

    [Test]
    public async Task The_file_is_read_again_when_it_changes_and_a_broken_one_leaves_the_last_rules()
    {
        Write("BL-17", "2099-01-01");
        await using var server = await StartAsync();
        await server.StoreAsync(new RunScript("r-1").Cycle(RunScript.CumulativeWrite).End());

        Write("BL-18", "2099-01-01", later: 1);
        Assert.That(await KnownAsync(server), Is.EqualTo("BL-18"));
        File.WriteAllText(file, "known-issues: none");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(60));
        Assert.That(await KnownAsync(server), Is.EqualTo("BL-18"));
        Write("BL-19", "2020-01-01", later: 3);
        Assert.That(await KnownAsync(server), Is.Null, "it has expired");
    }

    [Test]
    public void A_file_that_cannot_be_used_at_the_start_is_refused_with_its_line()
    {
        File.WriteAllText(file, "known-issues:\n  - id: BL-17\n");

        Assert.That(StartAsync, Throws.TypeOf<BadInputException>().With.Message.StartsWith($"{file}:2:"));
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync(with: options => options with { KnownIssues = file });

    private static async Task<string?> KnownAsync(TestServer server) => (await server.GetAsync<List<Flag>>("/api/v1/flags")).Single().Known?.Id;

    private void Write(string id, string expires, int later = 0)
    {
        File.WriteAllText(file, $"known-issues:\n  - {{id: {id}, fingerprint: f1/update/*/10203, owner: ann, expires: {expires}}}\n");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50).AddDays(later));
    }
}
