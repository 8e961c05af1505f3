using System.Text.Json;

namespace HilRig.Agent.Places;

/// <summary>C# names as YAML writes them: <c>EraseRegion</c> is <c>erase-region</c>.</summary>
public static class KebabCase
{
    public static string From(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
