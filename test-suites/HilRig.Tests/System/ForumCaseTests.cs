using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>The case that HilRig was built for, on a virtual board with its cache on, by server, agent and the real pyOCD: one page holds the proof.</summary>
public partial class ForumCaseTests
{
    [Test]
    public async Task One_page_shows_what_array_core_and_bootloader_say_of_erased_flash()
    {
        using var board = await TestBoard.StartAsync("--dcache", "on");
        await using var rig = await TestRig.StartAsync(board);
        var run = await rig.OrderAsync("sequence: forum\nboard: kv58\nsteps:\n  - update\n  - verify: {by: swd}\n  - reset: {by: bootloader}\n", cycles: 4);
        await rig.WaitForRunAsync(run, summary => !summary.IsRunning);
        var flag = (await rig.FlagsAsync()).Single(candidate => candidate.Fingerprint.Code == "10203");

        var html = await rig.PageAsync($"/failures/{flag.Id}");
        var page = InWords(html);

        Assert.That(page, Does.Contain("1000A000 vectors ≠ 16 bytes differ FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF 00 00 02 20 "), "array FF, core 00, at the application's first word");
        Assert.That(page, Does.Match("SCB_CCR +0x[0-9A-F]{8} +DC=1"), "the cache is on");
        Assert.That(page, Does.Match("FTFE_FSTAT +0x[0-9A-F]{8} +CCIF=1 RDCOLERR=0 ACCERR=0 FPVIOL=0 MGSTAT0=0"), "the flash controller is content");
        Assert.That(page, Does.Match(@"asked write-memory[^?]*said +generic-response 0 kStatus_Success for write-memory\s+[0-9.]+ said +generic-response 10203 kStatusMemoryCumulativeWrite for write-memory"));
        Assert.That(page, Does.Contain("3.300 V").And.Contain("not secured, flash ready").And.Not.Contain("not captured"));
        await RequireEvidenceAsync(rig, run, html);
    }

    /// <summary>What the agent captured lies on the server, whole, and the page leads to it.</summary>
    private static async Task RequireEvidenceAsync(TestRig rig, string run, string html)
    {
        var failed = (await rig.EventsAsync(run)).Select(runEvent => runEvent.Body).OfType<StepEnded>().Last(step => step.Failure is { Code: "10203" });
        var kept = failed.Evidence.Where(item => item.Digest is not null).ToList();
        Assert.That(kept, Is.Not.Empty);
        foreach (var item in kept)
        {
            var content = await rig.ContentAsync($"/api/v1/artifacts/{item.Digest}");
            Assert.That((Convert.ToHexStringLower(SHA256.HashData(content)), (long)content.Length), Is.EqualTo((item.Digest, item.Size)), item.Kind);
            Assert.That(html, Does.Contain($"href=\"/api/v1/artifacts/{item.Digest}\""), item.Kind);
        }
    }

    /// <summary>The page as a reader sees it.</summary>
    private static string InWords(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tag().Replace(html, " ")), " ");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("[ \t\r\n]+")]
    private static partial Regex Spaces();
}
