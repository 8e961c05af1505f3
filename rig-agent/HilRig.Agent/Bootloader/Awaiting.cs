namespace HilRig.Agent.Bootloader;

/// <summary>What the host waits for, which decides how damage is answered.</summary>
internal enum Awaiting
{
    /// <summary>An answer to a ping: damage is dropped, a further ping is cheaper.</summary>
    PingResponse,

    /// <summary>ACK of a packet: only a damaged response is asked for again. A NAK for noise would break a data phase.</summary>
    Acknowledgement,

    /// <summary>A command or data packet, which the device keeps until we ACK it: any damage is asked for again.</summary>
    Frame,
}
