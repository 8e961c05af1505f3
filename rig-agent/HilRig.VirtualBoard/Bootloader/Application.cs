using System.Text;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>An installed application: prints a banner at 57600 baud and goes back to the bootloader when told to by the line <c>run bootloader</c>.</summary>
internal sealed class Application(Kv58Chip chip, FirmwareProfile profile)
{
    public const string RunBootloader = "run bootloader";
    private const int Baud = 57600;
    private const int MaxLine = 80;

    public async ValueTask RunAsync()
    {
        if (profile.IsDataCacheOn)
            chip.SystemControl.EnableDataCache();
        if (profile["icache"] == "on")
            chip.SystemControl.SetCaches(chip.SystemControl.IsDataCacheOn, instruction: true);
        chip.SystemControl.NoteApplicationRuns();
        chip.Uart.Enable(Baud);
        Print($"{profile.Name} {profile.Version}\r\n");
        var line = new StringBuilder();
        for (;;)
        {
            var value = await ReadAsync();
            if (value is not ((byte)'\r' or (byte)'\n'))
            {
                if (line.Length < MaxLine)
                    line.Append((char)value);
                continue;
            }
            if (line.ToString() == RunBootloader)
            {
                Print("entering bootloader\r\n");
                chip.Uart.Reset();
                // No reset: caches and everything else stay as they are (facts: kboot §6).
                chip.Jump(KvMap.FlashStart);
                await chip.Firmware.Forever();
            }
            line.Clear();
        }
    }

    private async ValueTask<byte> ReadAsync()
    {
        Uart uart = chip.Uart;
        ReceivedByte taken;
        while (!uart.TryTake(out taken))
            await chip.Firmware.ByteOrUntil(BoardClock.Never);
        return taken.Value;
    }

    private void Print(string text) => chip.Uart.Transmit(Encoding.ASCII.GetBytes(text));
}
