namespace HilRig.VirtualBoard.Kv58;

/// <summary>The debug half of the Cortex-M7: run state, core registers, DHCSR/DCRSR/DCRDR/DEMCR/DFSR.</summary>
public sealed class CoreDebug
{
    /// <summary>False while halted, locked up or in reset: firmware makes no progress then.</summary>
    public bool IsRunning { get; set; } = true;
}
