using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HilRig.Agent.Serial;

/// <summary>What the kernel's serial core offers beyond termios (linux/serial.h); a pseudo-terminal has none of it.</summary>
internal static unsafe class TermiosDriver
{
    private const uint GetSerial = 0x541E;
    private const uint SetSerial = 0x541F;
    private const uint GetCounts = 0x545D;
    private const int LowLatency = 1 << 13;

    /// <summary>Asks the driver to hand bytes on at once; without effect where it cannot.</summary>
    public static void PreferLowLatency(int descriptor)
    {
        SerialStruct serial;
        if (Libc.Ioctl(descriptor, GetSerial, &serial) != 0)
            return;
        serial.Flags |= LowLatency;
        _ = Libc.Ioctl(descriptor, SetSerial, &serial);
    }

    /// <summary>Null where the driver does not count.</summary>
    public static SerialLineErrors? ReadErrors(int descriptor)
    {
        Counts counts;
        return Libc.Ioctl(descriptor, GetCounts, &counts) == 0
            ? new SerialLineErrors(counts.Values[6], counts.Values[7], counts.Values[8], counts.Values[9], counts.Values[10])
            : null;
    }

    /// <summary><c>struct serial_struct</c>: 72 bytes on 64-bit Linux, flags at 16.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    private struct SerialStruct
    {
        [FieldOffset(16)]
        public int Flags;
    }

    /// <summary><c>struct serial_icounter_struct</c>: cts, dsr, rng, dcd, rx, tx, frame, overrun, parity, brk, buf_overrun, 9 reserved.</summary>
    private struct Counts
    {
        public CountValues Values;
    }

    [InlineArray(20)]
    private struct CountValues
    {
        private int first;
    }
}
