using System.Text;
using HilRig.Analysis.SignOff;
using HilRig.Model;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.SignOff;

public class DossierTests
{
    [Test]
    public void An_untouched_dossier_is_right_and_twice_approved()
    {
        var check = DossierCheck.Of(SignOffRuns.Clean().ToZip(), "d.zip");
        Assert.That(check.Problems, Is.Empty);
        Assert.That(check.Approval, Is.Null);
        Assert.That(check.Figures!.State, Is.EqualTo(SignOffState.Met));
    }

    [Test]
    public void The_same_contents_are_the_same_bytes()
    {
        var again = SignOffRuns.Clean().ToZip();
        Assert.That(SignOffRuns.Clean().ToZip(), Is.EqualTo(again));
    }

    [Test]
    public void Any_changed_byte_is_found([Values] bool isMixed)
    {
        var zip = (isMixed ? SignOffRuns.Mixed() : SignOffRuns.Clean()).ToZip();
        var random = new Random(Extent.Seed());
        // Every byte of the zip's own structures at its end, and a sample of all others; a mixed one takes ten times as long to read.
        var (last, drawn) = isMixed && !Extent.IsFull ? (60, 40) : (400, 300);
        foreach (var position in Enumerable.Range(zip.Length - last, last).Concat(Enumerable.Range(0, drawn).Select(_ => random.Next(zip.Length))))
        {
            var changed = zip.ToArray();
            changed[position] ^= (byte)(1 << random.Next(8));
            Assert.That(IsFound(changed), Is.True, $"byte {position} of {zip.Length}");
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    public void A_dossier_of_another_format_is_refused_in_words(int format)
    {
        var zip = Dossier.Pack([.. SignOffRuns.Clean().Contents().Select(entry => entry.Name == "format.txt" ? (entry.Name, Encoding.UTF8.GetBytes($"hilrig-dossier {format}\n")) : entry)]);
        Assert.That(() => DossierCheck.Of(zip, "d.zip"), Throws.TypeOf<BadInputException>().With.Message.EqualTo($"d.zip: format {format}; this program reads 2. Verify it with the HilRig that made it"));
    }

    [Test]
    public void Voided_cycles_open_flags_and_the_agents_software_stand_in_it_and_are_recomputed()
    {
        var dossier = SignOffRuns.Mixed();
        var check = DossierCheck.Of(dossier.ToZip(), "d.zip");
        Assert.That((check.Problems, check.Approval, check.Figures!.State), Is.EqualTo((Array.Empty<string>(), (string?)null, SignOffState.Met)));
        Assert.That(check.Figures.VoidedByRule, Is.EqualTo(new Dictionary<string, long>
        {
            [VoidingRules.All[VoidingRules.Edited]] = 4, [VoidingRules.All[VoidingRules.OtherBytes]] = 3, [SignOffSamples.RigRule] = 2, [SignOffSamples.StopRule] = 1,
        }));
        var page = Encoding.UTF8.GetString(Unpacked(dossier, "dossier.html"));
        Assert.That(check.Figures.Agents.Single().Versions.Keys, Is.EqualTo(new[] { "agent", "pyocd" }));
        Assert.That(page, Does.Contain($"<td>{check.Figures.Agents.Single().Digest}</td><td>agent 0.1.0, pyocd 0.45.0</td>").And.Contain("<td>edited-1</td>").And.Contain("stop: a person or a signal"));
        Assert.That(page[page.IndexOf("<h2>Flags</h2>", StringComparison.Ordinal)..], Does.Contain("Intermittent").And.Contain("Flagged: 10 of"));
    }

    [TestCase("plan.json", "\"rig-1\",", "")]
    [TestCase("plan.json", "\"mostVoided\":0.1", "\"mostVoided\":0.2")]
    [TestCase("figures.json", "\"pyocd\": \"0.45.0\"", "\"pyocd\": \"0.46.0\"")]
    [TestCase("dossier.html", "<td>Intermittent</td>", "<td>Observed</td>")]
    [TestCase("dossier.html", "<td>rig-1</td>", "<td>rig-2</td>")]
    public void A_part_that_was_changed_is_told_even_where_the_chain_was_made_anew(string name, string was, string now)
    {
        var dossier = SignOffRuns.Mixed();
        Assert.That(Encoding.UTF8.GetString(Unpacked(dossier, name)), Does.Contain(was));
        var contents = dossier.Contents().Select(entry => entry.Name == name
            ? (entry.Name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(entry.Content).Replace(was, now, StringComparison.Ordinal))) : entry).ToList();
        var zip = Dossier.Pack([.. contents, ("chain.txt", Encoding.UTF8.GetBytes(Dossier.Chain(contents))), ("approvals.json", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(dossier.Approvals, RunJson.Options))]);
        var check = DossierCheck.Of(zip, "d.zip");
        // What follows from the plan shows in the figures; whatever was changed, the people approved another head.
        Assert.That(check.Problems, Has.Some.StartsWith($"{(name == "plan.json" ? "dossier.html" : name)} differs"));
        Assert.That(check.Approval, Does.StartWith("K. Meier approved other contents"));
    }

    [TestCase("\"name\"")]
    [TestCase("\"role\"")]
    [TestCase("\"head\"")]
    public void An_approval_that_lacks_a_field_is_found(string field)
    {
        var entries = SignOffRuns.Clean();
        var approvals = Encoding.UTF8.GetString(Unpacked(entries, "approvals.json"));
        Assert.That(approvals, Does.Contain(field));
        var zip = Dossier.Pack([.. entries.Contents(), ("chain.txt", Encoding.UTF8.GetBytes(Dossier.Chain(entries.Contents()))),
            ("approvals.json", Encoding.UTF8.GetBytes(approvals.Replace(field, "\"other\"", StringComparison.Ordinal)))]);

        Assert.That(DossierCheck.Of(zip, "d.zip").Problems, Has.Some.StartsWith("the contents cannot be recomputed"));
    }

    [Test]
    public void A_figure_that_differs_is_told_even_where_the_chain_was_made_anew()
    {
        var dossier = SignOffRuns.Clean();
        var contents = dossier.Contents().Select(entry => entry.Name == "figures.json"
            ? (entry.Name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(entry.Content).Replace("\"failures\": 0", "\"failures\": 1", StringComparison.Ordinal))) : entry).ToList();
        var zip = Dossier.Pack([.. contents, ("chain.txt", Encoding.UTF8.GetBytes(Dossier.Chain(contents))), ("approvals.json", "[]"u8.ToArray())]);
        var check = DossierCheck.Of(zip, "d.zip");
        Assert.That(check.Problems.Single(), Does.StartWith("figures.json differs from what the plan and the events give, first in line").And.Contain("\"failures\": 1"));
    }

    [Test]
    public void A_changed_event_is_told_by_its_entry()
    {
        var dossier = SignOffRuns.Clean();
        var contents = dossier.Contents();
        var changed = contents.Select(entry => entry.Name == "events/2.jsonl" ? (entry.Name, SignOffRuns.Run("kv58-2", [.. SignOffRuns.Passes(74), Verdict.Fail])) : entry).ToList();
        var zip = Dossier.Pack([.. changed, ("chain.txt", Encoding.UTF8.GetBytes(Dossier.Chain(contents))), ("approvals.json", "[]"u8.ToArray())]);
        Assert.That(DossierCheck.Of(zip, "d.zip").Problems, Has.Some.StartsWith("the chain breaks at events/2.jsonl").And.Some.StartsWith("figures.json differs"));
    }

    [Test]
    public void One_person_twice_is_one_person()
    {
        var head = new string('a', 64);
        SignOffApproval By(string name, string role = "qa") => new(name, role, DateTimeOffset.UnixEpoch, head);
        Assert.That(SignOffApproval.Missing([By("K. Meier"), By("k. meier ")], head), Is.EqualTo("approved by 1 of 2 people with the role qa"));
        Assert.That(SignOffApproval.Missing([By("K. Meier"), By("A. Sato", "operator")], head), Is.EqualTo("approved by 1 of 2 people with the role qa"));
        Assert.That(SignOffApproval.Missing([By("K. Meier"), By("A. Sato")], head), Is.Null);
        Assert.That(SignOffApproval.Missing([By("K. Meier"), By("A. Sato")], new string('b', 64)), Does.StartWith("K. Meier approved other contents"));
    }

    [Test]
    public void The_page_can_be_read_alone()
    {
        var page = Encoding.UTF8.GetString(SignOffRuns.Clean().Contents().Single(entry => entry.Name == "dossier.html").Content);
        Assert.That(page, Does.Contain("<h1>Sign-off of kboot-2.0: met</h1>").And.Contain("0 product failures in 150 cycles on 2 boards").And.Not.Contain("src=").And.Not.Contain("href="));
    }

    private static byte[] Unpacked(Dossier dossier, string name)
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(dossier.ToZip()));
        using var entry = zip.GetEntry(name)!.Open();
        using var memory = new MemoryStream();
        entry.CopyTo(memory);
        return memory.ToArray();
    }

    private static bool IsFound(byte[] zip)
    {
        try
        {
            return DossierCheck.Of(zip, "d.zip").Problems.Count > 0;
        }
        catch (BadInputException)
        {
            return true;
        }
    }
}
