namespace HilRig.Model.Runs;

/// <summary>Who is to blame for what went wrong.</summary>
public enum Layer
{
    /// <summary>Nothing went wrong.</summary>
    None,

    /// <summary>The bootloader or the board.</summary>
    Product,

    /// <summary>The sequence asks for what cannot be.</summary>
    Sequence,

    /// <summary>Agent, probe, serial line, supply.</summary>
    Rig,

    /// <summary>The witnesses do not agree, or there are none.</summary>
    Undetermined,
}
