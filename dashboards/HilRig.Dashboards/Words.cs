using System.Globalization;
using HilRig.Dashboards.Components;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Dashboards;

/// <summary>The vocabulary as a reader sees it. A colour never stands alone: each verdict has a sign and a word.</summary>
internal static class Words
{
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.NotSet => "Running",
        Verdict.Pass => "Pass",
        Verdict.Inconclusive => "Undecided",
        Verdict.Fail => "Fail",
        Verdict.Aborted => "Stopped",
        _ => "Rig error",
    };

    public static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.NotSet => "…",
        Verdict.Pass => "✓",
        Verdict.Inconclusive => "?",
        Verdict.Fail => "✕",
        Verdict.Aborted => "■",
        _ => "!",
    };

    public static string Css(Verdict verdict) => verdict switch
    {
        Verdict.NotSet => "open",
        Verdict.Pass => "pass",
        Verdict.Inconclusive => "unclear",
        Verdict.Fail => "fail",
        Verdict.Aborted => "stopped",
        _ => "rig",
    };

    public static string Of(RackState state) => state switch
    {
        RackState.NeedsHands => "Needs hands",
        RackState.Away => "Away",
        RackState.Running => "Running",
        RackState.Paused => "Paused",
        _ => "Idle",
    };

    public static string Sign(RackState state) => state switch
    {
        RackState.NeedsHands => "⚠",
        RackState.Away => "○",
        RackState.Running => "▶",
        RackState.Paused => "‖",
        _ => "●",
    };

    public static string Css(RackState state) => state switch
    {
        RackState.NeedsHands => "fail",
        RackState.Away => "rig",
        RackState.Running => "open",
        RackState.Paused => "stopped",
        _ => "pass",
    };

    public static string Of(LampState state) => state switch
    {
        LampState.Good => "worked",
        LampState.Bad => "failed",
        LampState.NotFitted => "not fitted",
        _ => "not known",
    };

    public static string Sign(LampState state) => state switch
    {
        LampState.Good => "✓",
        LampState.Bad => "✕",
        LampState.NotFitted => "–",
        _ => "?",
    };

    public static string Css(LampState state) => state switch
    {
        LampState.Good => "pass",
        LampState.Bad => "rig",
        _ => "stopped",
    };

    /// <summary>Whose fault it was, as half a sentence.</summary>
    public static string Blame(Layer layer) => layer switch
    {
        Layer.Product => "blames the board",
        Layer.Sequence => "blames the sequence",
        Layer.Rig => "blames the rig",
        _ => "nobody can say whose fault",
    };

    public static string Of(EndReason reason) => reason switch
    {
        EndReason.Completed => "completed",
        EndReason.Aborted => "stopped",
        EndReason.AgentLost => "agent lost",
        EndReason.RigLost => "rig lost",
        EndReason.BoardWedged => "board wedged",
        EndReason.DiskFull => "agent's disk full",
        _ => "refused",
    };

    public static string Of(FlagClass flagClass) => flagClass switch
    {
        FlagClass.Intermittent => "Intermittent",
        FlagClass.Conditional => "Conditional",
        FlagClass.Consistent => "Consistent",
        FlagClass.BoardSpecific => "One board only",
        FlagClass.Rig => "The rig",
        FlagClass.Observed => "Observed",
        FlagClass.Recovered => "Recovered",
        _ => "Too little data",
    };

    public static string Meaning(FlagClass flagClass) => flagClass switch
    {
        FlagClass.Intermittent => "fails at times; no condition explains when",
        FlagClass.Conditional => "fails when its trigger holds",
        FlagClass.Consistent => "fails nearly always",
        FlagClass.BoardSpecific => "fails on one board and not on the others",
        FlagClass.Rig => "the rig's fault; says nothing of the product",
        FlagClass.Observed => "seen and counted; not enough to accuse anyone",
        FlagClass.Recovered => "was flagged and has stopped",
        _ => "too few samples to say",
    };

    public static string Css(FlagClass flagClass) => flagClass switch
    {
        FlagClass.Intermittent or FlagClass.Conditional or FlagClass.Consistent or FlagClass.BoardSpecific => "fail",
        FlagClass.Rig => "rig",
        FlagClass.Recovered => "pass",
        _ => "unclear",
    };

    public static string Sign(FlagClass flagClass) => flagClass switch
    {
        FlagClass.Rig => "!",
        FlagClass.Recovered => "✓",
        FlagClass.Observed or FlagClass.Insufficient => "?",
        _ => "✕",
    };

    /// <summary>3.1e-12; where the number itself is too small for a double, its logarithm still tells it.</summary>
    public static string P(Trigger trigger) => trigger switch
    {
        { FisherP: >= 0.001 } => trigger.FisherP.ToString("0.###", CultureInfo.InvariantCulture),
        { FisherP: > 1e-300 } => trigger.FisherP.ToString("0.0e-0", CultureInfo.InvariantCulture),
        _ => $"1e{Math.Floor(trigger.Log10P):0}",
    };

    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 10 } => $"{duration.TotalSeconds:0.0} s",
        { TotalMinutes: < 1 } => $"{duration.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{(int)duration.TotalMinutes} min {duration.Seconds} s",
        _ => $"{(int)duration.TotalHours} h {duration.Minutes} min",
    };

    public static string Count(int number, string one, string many) => number == 1 ? $"1 {one}" : $"{number:N0} {many}";
}
