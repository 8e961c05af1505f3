using System.Buffers.Binary;
using HilRig.Kboot;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>KBOOT 2.0 from its reset handler on: startup, boot decision, and the command loop (facts: kboot §5.1).</summary>
public sealed class KbootFirmware
{
    private const uint MainLoop = KvMap.FlashStart + 0x1234;

    private static readonly TimeSpan UsualDetectionTimeout = TimeSpan.FromSeconds(5);

    private readonly Kv58Chip chip;
    private readonly FirmwareBehaviour behaviour;
    private readonly BoardLog? log;

    public KbootFirmware(Kv58Chip chip, FirmwareBehaviour behaviour, BoardLog? log)
    {
        this.chip = chip;
        this.behaviour = behaviour;
        this.log = log;
    }

    public async ValueTask RunAsync()
    {
        if (behaviour.IsDataCacheOn)
            chip.SystemControl.EnableDataCache();
        var configuration = BootConfiguration.Load(chip.Bus);
        StatusCode? crc = behaviour.ChecksCrc ? ApplicationCrc.Check(chip.Bus, configuration) : null;
        var isReady = LoadApplicationReady(out var stack, out var entry) && (crc is null or ApplicationCrc.Passed or ApplicationCrc.Inactive);
        var waits = !isReady || chip.IsBootPinLow || (behaviour.IsDebugBuild && configuration is { DetectionTimeout: null, IsDirectBoot: false });
        log?.Write($"boot: {(isReady ? $"application {entry:X8} {stack:X8}" : "no application")}{(waits ? ", stays" : "")}");

        chip.Core.EnterBootloader(MainLoop, FirmwareImage.BootloaderRamEnd + 1 - 0x80);
        var window = waits ? BoardClock.Never
            : configuration.IsDirectBoot ? chip.Clock.Now
            : chip.Clock.After(configuration.DetectionTimeout ?? UsualDetectionTimeout);
        if (!configuration.IsUartEnabled)
        {
            await chip.Firmware.Until(window);
        }
        else if (await new Autobaud(chip).DetectAsync(window) is { } baud)
        {
            chip.Uart.Enable(baud);
            // The measured ping is handed on, so that it gets its answer.
            chip.Uart.Inject(0x5A, chip.Clock.Now);
            chip.Uart.Inject(0xA6, chip.Clock.Now);
            await new CommandLoop(chip, behaviour, configuration, crc, log).RunAsync();
        }
        log?.Write("jumps to the application");
        chip.Uart.Reset();
        chip.Jump(KvMap.ApplicationStart);
        await chip.Firmware.Forever();
    }

    /// <summary>Words 0 and 1 of the application's vector table, by ordinary loads: they fill a cache line.</summary>
    private bool LoadApplicationReady(out uint stack, out uint entry)
    {
        Span<byte> words = stackalloc byte[8];
        chip.Bus.TryLoad(KvMap.ApplicationStart, words);
        stack = BinaryPrimitives.ReadUInt32LittleEndian(words);
        entry = BinaryPrimitives.ReadUInt32LittleEndian(words[4..]);
        return MemoryMap.IsEntryPoint(entry);
    }
}
