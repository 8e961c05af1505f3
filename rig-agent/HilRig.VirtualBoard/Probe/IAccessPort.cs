namespace HilRig.VirtualBoard.Probe;

/// <summary>An ADIv5 access port; registers are byte offsets 00..FC. False is a fault.</summary>
internal interface IAccessPort
{
    bool TryRead(uint register, out uint value);

    /// <summary>Reads the same register again and again.</summary>
    bool TryRead(uint register, Span<uint> values)
    {
        foreach (ref var value in values)
            if (!TryRead(register, out value)) return false;
        return true;
    }

    bool TryWrite(uint register, uint value);
}
