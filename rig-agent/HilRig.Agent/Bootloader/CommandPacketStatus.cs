using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

internal static class CommandPacketStatus
{
    /// <summary>The first parameter of every response.</summary>
    public static StatusCode Status(this in CommandPacket response) => (StatusCode)response[0];
}
