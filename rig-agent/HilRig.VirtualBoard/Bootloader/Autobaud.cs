using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>
/// Measures the first ping on the bare pin: 4 falling edges of 5A over 8 bit times, 3 of A6 over 7. A gap of more than
/// 80 ms starts over; after any other bytes nothing but such a gap helps (facts: kboot §1.2).
/// </summary>
internal sealed class Autobaud(Kv58Chip chip)
{
    private const int Step = 1200;
    private const int AssumedBaud = 57600;
    private static readonly long Gap = TimeSpan.FromMilliseconds(80).Ticks;

    /// <summary>The measured rate, a multiple of 1200; null when <paramref name="deadline"/> came first.</summary>
    public async ValueTask<int?> DetectAsync(long deadline)
    {
        var (seen, isPing, last) = (0, true, 0L);
        for (;;)
        {
            if (!chip.Uart.TryTake(out var arrived))
            {
                if (await chip.Firmware.ByteOrUntil(deadline))
                    continue;
                return null;
            }
            if (arrived.Time - last > Gap)
                (seen, isPing) = (0, true);
            last = arrived.Time;
            isPing &= arrived.Value == (seen == 0 ? 0x5A : 0xA6);
            if (++seen == 2 && isPing)
                return Round(arrived.Baud == 0 ? AssumedBaud : arrived.Baud);
        }
    }

    private int Round(int baud) => (int)Math.Round(baud * chip.ClockRatio / Step) * Step;
}
