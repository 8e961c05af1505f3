using System.Text.Json;
using System.Text.Json.Serialization;
using HilRig.Analysis.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.History;

/// <summary>What the analysis of a history says; its JSON is what <c>hilrig analyze --json</c> prints.</summary>
public sealed record HistoryReport(
    IReadOnlyList<HistoryFlag> Flags,
    IReadOnlyList<Exclusion> Excluded,
    IReadOnlyList<ReleaseLine> Releases,
    IReadOnlyList<string> Notes)
{
    /// <summary>A condition of the report in words.</summary>
    public static string InWords(string condition) => HistoryVocabulary.InWords(condition);

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>Writes the rules that hold on this day into the notes of the flags they are for; no flag is hidden by one.</summary>
    public HistoryReport WithKnown(KnownIssues rules, DateOnly today) => this with
    {
        Flags = [.. Flags.Select(flag => rules.Find(new Fingerprint(flag.Step, "*", flag.Fingerprint, ""), flag.Release, today) is { } known
            ? flag with { Notes = [$"known: {known.Id}, {known.Owner}, until {known.Expires:yyyy-MM-dd}", .. flag.Notes] }
            : flag)],
    };

    public string ToJson() => JsonSerializer.Serialize(this, Options);
}

/// <summary>The claim about one fingerprint of one step of one release.</summary>
/// <param name="IsNew">The release before it, or the golden one, had enough trials to show it and did not.</param>
/// <param name="K">Failures, without excluded ones.</param>
/// <param name="N">Executed trials of the step, without excluded ones.</param>
/// <param name="Interval95">Wilson's, right on average over rates.</param>
/// <param name="Incidents">Failures that may have one cause counted once.</param>
/// <param name="FlaggedAtTrial">Trials of the step when the rule fired; null where it did not.</param>
/// <param name="Trigger">The best supported trigger; null where the data supports none.</param>
/// <param name="Triggers">All independent triggers where there is more than one.</param>
/// <param name="Trend">rising, falling or null.</param>
public sealed record HistoryFlag(
    string Release,
    string Step,
    string Fingerprint,
    string Class,
    [property: JsonPropertyName("new")] bool IsNew,
    int K,
    int N,
    double Rate,
    double[] Interval95,
    int Incidents,
    int? FlaggedAtTrial,
    string? Board,
    string? Agent,
    HistoryTrigger? Trigger,
    IReadOnlyList<HistoryTrigger> Triggers,
    string? Trend,
    HistoryChange? ChangePoint,
    HistorySessions? Sessions,
    IReadOnlyList<string> Notes);

/// <summary>A trigger of a history: failures and passes while it held, and while it did not.</summary>
/// <param name="Conditions">One, or two that must hold jointly.</param>
/// <param name="Inside">Failures and trials while it held.</param>
/// <param name="Outside">Failures and trials while it did not.</param>
/// <param name="Bits">Evidence after paying for the search.</param>
/// <param name="Equivalent">Others that this data cannot separate from it, then single states that it does not exclude at 128 to 1.</param>
/// <param name="Confirmed">Always false: only an experiment confirms.</param>
public sealed record HistoryTrigger(
    IReadOnlyList<string> Conditions,
    int[] Inside,
    int[] Outside,
    double Bits,
    IReadOnlyList<IReadOnlyList<string>> Equivalent,
    bool Confirmed);

/// <param name="TimeSeconds">Start of the first trial at the new rate, in seconds since its night began.</param>
/// <param name="Interval99">It lies between these, at 99 %.</param>
/// <param name="LogOdds">ln of the odds of two rates over one; 9.2 are asked for.</param>
public sealed record HistoryChange([property: JsonPropertyName("t_s")] double TimeSeconds, double Before, double After, double[] Interval99, double LogOdds);

/// <summary>Failures cluster by power session: the cycle is not the unit to count.</summary>
/// <param name="Count">Sessions with trials of the step.</param>
/// <param name="Failing">Sessions with a failure.</param>
/// <param name="Z">How far the spread between sessions lies beyond chance, in standard deviations.</param>
public sealed record HistorySessions(int Count, int Failing, double Z);

/// <summary>What was left out of the trials, by which rule.</summary>
public sealed record Exclusion(string Rule, string Agent, int Failures, int Trials);

/// <param name="Trials">Executed scripted steps that count.</param>
/// <param name="Clean">No flag accuses the product.</param>
public sealed record ReleaseLine(string Release, int Trials, bool Clean);
