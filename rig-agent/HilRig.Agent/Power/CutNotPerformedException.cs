namespace HilRig.Agent.Power;

/// <summary>A board was to lose its power and nothing shows that it did: the step's sample is void, an error of the rig that no rate counts.</summary>
public sealed class CutNotPerformedException : RigException
{
    public CutNotPerformedException(string place, string message)
        : base("power", $"place {place}: the cut counts as not performed: {message}") => Code = "cut-not-performed";
}
