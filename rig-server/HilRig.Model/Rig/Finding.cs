using System.Text.Json.Serialization;

namespace HilRig.Model.Rig;

/// <summary>How a check came out.</summary>
public enum Health
{
    Well,

    /// <summary>Works, but not as it should over a night.</summary>
    Doubtful,

    /// <summary>A run would not begin, or not be right.</summary>
    Broken,
}

/// <summary>What one check of a doctor saw.</summary>
/// <param name="Subject">What was looked at: <c>pyocd</c>, <c>kv58-1 serial</c>.</param>
/// <param name="Observation">What is so.</param>
/// <param name="Remedy">How to mend it; null where nothing needs mending.</param>
public sealed record Finding(string Subject, Health Health, string Observation, string? Remedy = null)
{
    public static Finding Well(string subject, string observation) => new(subject, Health.Well, observation);

    public static Finding Doubtful(string subject, string observation, string remedy) => new(subject, Health.Doubtful, observation, remedy);

    public static Finding Broken(string subject, string observation, string remedy) => new(subject, Health.Broken, observation, remedy);

    /// <summary>A sign, a word and two columns; the remedy on a line of its own.</summary>
    [JsonIgnore]
    public string InWords
    {
        get
        {
            var (sign, word) = Health switch
            {
                Health.Well => ("✓", "well"),
                Health.Doubtful => ("?", "doubtful"),
                _ => ("✕", "broken"),
            };
            var line = $"{sign} {word,-9} {Subject,-16} {Observation}";
            return Remedy is { } remedy ? $"{line}{Environment.NewLine}  {"",-9} {"",-16} → {remedy}" : line;
        }
    }
}
