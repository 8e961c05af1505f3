using HilRig.Agent.Serial;

namespace HilRig.Agent.Places;

/// <summary>How the rig is to speak on a line.</summary>
/// <param name="Baud">From the next reset on, when a bootloader measures it anew.</param>
/// <param name="Pause">From now on.</param>
public sealed record LineManner(int Baud, LinePause Pause)
{
    /// <summary>As long as no step wants it otherwise.</summary>
    public static LineManner Of(Place place) => new(place.Baud, LinePause.None);
}
