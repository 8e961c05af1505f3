using System.IO.Compression;
using System.Text;
using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>What a check of a dossier found.</summary>
/// <param name="Problems">Empty where every byte and every figure is right.</param>
/// <param name="Head">Head of its chain; empty where it has none.</param>
public sealed record DossierCheck(IReadOnlyList<string> Problems, string Head, SignOffFigures? Figures, string? Approval)
{
    /// <summary>Recomputes everything from the plan and the events alone. Throws <see cref="BadInputException"/> where it is no dossier.</summary>
    public static DossierCheck Of(byte[] zip, string name)
    {
        var entries = Dossier.Unpack(zip, name);
        RefuseOtherFormat(entries, name);
        var problems = new List<string>();
        var contents = entries.Where(entry => entry.Name is not ("chain.txt" or "approvals.json")).ToList();
        var written = Encoding.UTF8.GetString(Find("chain.txt"));
        var (actual, chain) = (Dossier.Chain(contents).Split('\n'), written.Split('\n'));
        for (var i = 0; i < Math.Max(actual.Length, chain.Length); i++)
        {
            if (i < actual.Length && i < chain.Length && actual[i] == chain[i])
                continue;
            // Every later link differs as well; the first one is where it was changed.
            problems.Add($"the chain breaks at {(i < contents.Count ? contents[i].Name : "its end")}: that entry or its line in chain.txt was changed");
            break;
        }
        if (!Dossier.Pack(entries).AsSpan().SequenceEqual(zip))
            problems.Add("the zip's own bytes differ from what its contents make");
        try
        {
            var dossier = new Dossier(
                SignOffPlan.FromJson(Find("plan.json")),
                contents.Where(entry => entry.Name.StartsWith("events/", StringComparison.Ordinal)).ToDictionary(entry => entry.Name["events/".Length..], entry => entry.Content),
                SignOffApproval.ListFromJson(Find("approvals.json")));
            foreach (var (entry, content) in dossier.Contents())
            {
                if (!Find(entry).AsSpan().SequenceEqual(content))
                    problems.Add($"{entry} differs from what the plan and the events give{Where(Find(entry), content)}");
            }
            var head = Dossier.Head(written);
            return new DossierCheck(problems, head, dossier.Figures, SignOffApproval.Missing(dossier.Approvals, head));
        }
        catch (Exception exception) when (exception is BadInputException or JsonException or InvalidDataException or KeyNotFoundException or ArgumentException)
        {
            return new DossierCheck([.. problems, $"the contents cannot be recomputed: {exception.Message}"], "", null, null);
        }

        byte[] Find(string entry) => entries.FirstOrDefault(one => one.Name == entry).Content ?? throw new BadInputException($"{name}: no {entry} inside; not a dossier, or part of it is gone");
    }

    /// <summary>What another version means by its entries is not for this one to judge; a damaged number is found by the chain.</summary>
    private static void RefuseOtherFormat(IReadOnlyList<(string Name, byte[] Content)> entries, string name)
    {
        var words = Encoding.UTF8.GetString(entries.FirstOrDefault(entry => entry.Name == "format.txt").Content ?? []).Trim().Split(' ');
        if (words is ["hilrig-dossier", var number] && int.TryParse(number, out var version) && version != Dossier.FormatVersion)
            throw new BadInputException($"{name}: format {version}; this program reads {Dossier.FormatVersion}. Verify it with the HilRig that made it");
    }

    private static string Where(byte[] found, byte[] expected)
    {
        var (left, right) = (Encoding.UTF8.GetString(found).Split('\n'), Encoding.UTF8.GetString(expected).Split('\n'));
        var line = Enumerable.Range(0, Math.Min(left.Length, right.Length)).FirstOrDefault(i => left[i] != right[i], -1);
        return line < 0 ? "" : $", first in line {line + 1}: `{Short(left[line])}`, recomputed `{Short(right[line])}`";
    }

    private static string Short(string text) => text.Trim() is { Length: > 80 } longer ? longer[..80] + "…" : text.Trim();
}
