using System.Text.Json;

namespace HilRig.Analysis.SignOff;

/// <summary>One person's word for a dossier.</summary>
/// <param name="Role">qa, for one that counts.</param>
/// <param name="Head">Head of the chain that was approved: all of the dossier's contents but the approvals.</param>
public sealed record SignOffApproval(string Name, string Role, DateTimeOffset At, string Head)
{
    /// <summary>Reads approvals as a dossier keeps them; throws <see cref="JsonException"/> where one lacks a field.</summary>
    public static IReadOnlyList<SignOffApproval> ListFromJson(ReadOnlySpan<byte> json)
    {
        var approvals = JsonSerializer.Deserialize<List<SignOffApproval?>>(json, Dossier.Strict) ?? [];
        return [.. approvals.Select(approval => approval ?? throw new JsonException("approvals.json: expected an approval, found null"))];
    }

    /// <summary>What is missing of two people's approval, in words; null where nothing is.</summary>
    public static string? Missing(IReadOnlyList<SignOffApproval> approvals, string head)
    {
        if (approvals.FirstOrDefault(approval => approval.Head != head) is { } other)
            return $"{other.Name} approved other contents: {other.Head[..12]}…, here {head[..12]}…";
        var people = approvals.Where(approval => approval.Role == "qa").Select(approval => approval.Name.Trim().ToUpperInvariant()).Distinct().Count();
        return people >= 2 ? null : $"approved by {people} of 2 people with the role qa";
    }
}
