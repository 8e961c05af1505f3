using System.Security.Cryptography;

namespace HilRig.Server.Campaigns;

/// <summary>Names for campaigns: <c>c-20260121-220000-9f3a</c>.</summary>
internal static class CampaignId
{
    public static string New(DateTimeOffset at) => $"c-{at.UtcDateTime:yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";
}
