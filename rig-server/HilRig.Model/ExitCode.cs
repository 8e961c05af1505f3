using HilRig.Model.Runs;

namespace HilRig.Model;

/// <summary>Exit codes of every HilRig command.</summary>
public static class ExitCode
{
    public const int Pass = 0;

    /// <summary>The board failed.</summary>
    public const int Fail = 1;

    /// <summary>Files or arguments are wrong.</summary>
    public const int BadInput = 2;

    /// <summary>The rig failed: device, probe, port.</summary>
    public const int RigError = 3;

    /// <summary>Something failed and nobody can say whose fault it was.</summary>
    public const int Undetermined = 4;

    /// <summary>Stopped by a person or a signal.</summary>
    public const int Stopped = 130;

    /// <summary>The exit code of a run whose worst verdict this is.</summary>
    public static int Of(Verdict verdict) => verdict switch
    {
        Verdict.Error => RigError,
        Verdict.Aborted => Stopped,
        Verdict.Fail => Fail,
        Verdict.Inconclusive => Undetermined,
        _ => Pass,
    };
}
