namespace HilRig.Agent.Power;

/// <summary>What gives a board its supply and takes it. That it was told to is no proof: see <see cref="BoardPower"/>.</summary>
public interface IPowerSwitch
{
    /// <summary>For messages: <c>supply 192.0.2.10:5025</c>, <c>command uhubctl</c>.</summary>
    string Name { get; }

    /// <summary>Tells it; returns when it has taken the command.</summary>
    Task SwitchAsync(PowerState state, CancellationToken cancellationToken);

    /// <summary>The board's supply voltage; null where the switch measures nothing.</summary>
    Task<double?> MeasureVoltsAsync(CancellationToken cancellationToken);
}

/// <summary>Whether an output gives power.</summary>
public enum PowerState
{
    Off,
    On,
}
