namespace HilRig.VirtualBoard.Probe;

/// <summary>An ADIv5 access port; registers are byte offsets 00..FC. False is a fault.</summary>
internal interface IAccessPort
{
    bool TryRead(uint register, out uint value);

    bool TryWrite(uint register, uint value);
}
