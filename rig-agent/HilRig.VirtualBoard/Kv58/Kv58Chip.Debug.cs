namespace HilRig.VirtualBoard.Kv58;

/// <summary>The chip's face to its debug port.</summary>
public sealed partial class Kv58Chip
{
    public bool IsSecured => Ftfe.IsSecured;

    public bool IsMassEraseEnabled => Ftfe.IsMassEraseEnabled;

    public bool IsBackdoorEnabled => Ftfe.IsBackdoorEnabled;

    public uint MdmIdentification { get; }

    /// <summary>Also while nRESET is low: that is how a debugger erases a chip that cannot be halted.</summary>
    public bool IsFlashReady => IsPowered;

    public bool TryRead(uint address, int size, BusView view, out uint value)
    {
        value = 0;
        Advance();
        if (!IsPowered || (IsHeldInReset && address < KvMap.PpbStart))
            return false;
        return Bus.TryRead(address, size, view, out value);
    }

    public int ReadWords(uint address, Span<uint> words, BusView view)
    {
        Advance();
        if (!IsPowered || (IsHeldInReset && address < KvMap.PpbStart))
            return 0;
        return Bus.ReadWords(address, words, view);
    }

    public bool TryWrite(uint address, int size, uint value, BusView view)
    {
        Advance();
        if (!IsPowered || (IsHeldInReset && address < KvMap.PpbStart))
            return false;
        var done = Bus.TryWrite(address, size, value, view);
        Advance();
        Touched?.Invoke();
        return done;
    }

    public void DrivePinReset(bool low)
    {
        if (low == IsHeldInReset)
            return;
        IsHeldInReset = low;
        if (low)
        {
            Ftfe.Cut();
            Stop();
        }
        else
        {
            Reset(ResetCause.Pin);
        }
        Touched?.Invoke();
    }

    public void MassErase()
    {
        log?.Write("flash mass-erase");
        Ftfe.MassErase();
        FlashBuffer.Reset();
        Touched?.Invoke();
    }

    /// <summary>A debugger pointed the PC at the reset handler of an image: pyOCD's emulated reset does, and so may a person.</summary>
    private bool StartsAt(uint pc)
    {
        foreach (var vectorTable in (ReadOnlySpan<uint>)[KvMap.FlashStart, KvMap.ApplicationStart])
        {
            if (!Bus.TryRead(vectorTable + 4, 4, BusView.Array, out var entry) || (entry & ~1u) != pc)
                continue;
            Jump(vectorTable);
            return true;
        }
        return false;
    }
}
