using HilRig.Kboot;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>Reads commands for ever and answers each (facts: kboot §2). There is no other state than the packet in flight.</summary>
internal sealed class CommandLoop
{
    private readonly Kv58Chip chip;
    private readonly BoardLog? log;
    private readonly PacketPort port;
    private readonly FlashDriver driver;
    private readonly PropertyStore properties;
    private readonly MappedMemory memory;
    private readonly DataPhase data;
    private readonly Defect defect;
    private readonly Responses responses;

    public CommandLoop(Kv58Chip chip, FirmwareBehaviour behaviour, BootConfiguration configuration, StatusCode? crc, BoardLog? log)
    {
        this.chip = chip;
        this.log = log;
        defect = behaviour.Defect;
        port = new PacketPort(chip);
        driver = new FlashDriver(chip);
        properties = new PropertyStore(chip, behaviour, configuration, crc);
        memory = new MappedMemory(chip, driver, new FlashWriter(chip, driver, behaviour, properties), behaviour, properties);
        responses = new Responses(port, log);
        data = new DataPhase(port, memory, driver, responses);
    }

    public async ValueTask RunAsync()
    {
        for (;;)
        {
            // A packet that came broken or of the wrong type is dropped without a word.
            if (await port.ReadAsync(PacketType.Command) != StatusCode.Success || !CommandPacket.TryParse(port.Payload.Span, out var command))
                continue;
            await memory.SettleAsync();
            log?.Write($"command {command.Tag.ToManualName()} {command[0]:X8} {command[1]:X8}");
            if (chip.IsSecured && !IsAllowedWhenSecured(command.Tag))
                await responses.GenericAsync(StatusCode.SecurityViolation, command.Tag);
            else
                await ExecuteAsync(command);
        }
    }

    private static bool IsAllowedWhenSecured(CommandTag tag) => tag is CommandTag.FlashSecurityDisable or CommandTag.GetProperty
        or CommandTag.ReceiveSbFile or CommandTag.Reset or CommandTag.SetProperty or CommandTag.FlashEraseAllUnsecure;

    private async ValueTask ExecuteAsync(CommandPacket command)
    {
        var tag = command.Tag;
        switch (tag)
        {
            case CommandTag.ReadMemory:
                await data.SendMemoryAsync(command[0], command[1]);
                break;
            case CommandTag.FlashReadResource:
                await data.SendResourceAsync(command[0], command[1], (byte)command[2]);
                break;
            case CommandTag.WriteMemory:
                await data.ReceiveMemoryAsync(command[0], command[1]);
                break;
            case CommandTag.ReceiveSbFile:
                await data.ReceiveSbFileAsync(command[0]);
                break;
            case CommandTag.GetProperty:
                await responses.PropertyAsync(properties, command[0], command[1]);
                break;
            case CommandTag.FlashReadOnce:
                await ReadOnceAsync(command[0], command[1]);
                break;
            case CommandTag.Execute:
                await ExecuteAtAsync(command[0], command[2]);
                break;
            case CommandTag.Call:
                await responses.GenericAsync(await CallAsync(command[0], command[1]), tag);
                break;
            case CommandTag.Reset:
                await responses.GenericAsync(StatusCode.Success, tag);
                if (defect == Defect.IgnoresReset)
                    break;
                chip.Reset(ResetCause.SystemResetRequest);
                await chip.Firmware.Forever();
                break;
            case CommandTag.FlashEraseAllUnsecure:
                await EraseAllUnsecureAsync();
                break;
            default:
                await responses.GenericAsync(await CompleteAsync(command), tag);
                break;
        }
    }

    /// <summary>Commands that are done before their generic response.</summary>
    private ValueTask<StatusCode> CompleteAsync(CommandPacket command) => command.Tag switch
    {
        CommandTag.FlashEraseAll => memory.EraseAllAsync(),
        CommandTag.FlashEraseRegion => memory.EraseAsync(command[0], command[1]),
        CommandTag.FillMemory => memory.FillAsync(command[0], command[1], command[2]),
        CommandTag.FlashSecurityDisable => driver.VerifyBackdoorKeyAsync(command[0], command[1]),
        CommandTag.SetProperty => ValueTask.FromResult(properties.Set(command[0], command[1])),
        CommandTag.FlashProgramOnce => command[1] == 8
            ? driver.ProgramOnceAsync(command[0], command[2], command[3])
            : ValueTask.FromResult(StatusCode.FlashAlignmentError),
        _ => ValueTask.FromResult(StatusCode.UnknownCommand),
    };

    /// <summary>The byte count is not checked: beyond the record's 8 bytes the answer carries what lies behind it, zeros here.</summary>
    private async ValueTask ReadOnceAsync(uint index, uint count)
    {
        var record = new byte[4 * (CommandPacket.MaxParameters - 2)];
        var status = await driver.ReadOnceAsync(index, record.AsMemory(0, 8));
        await responses.OnceAsync(status, count, record);
    }

    /// <summary>On silicon the code that would answer is gone with the rest of flash (facts: kboot §6): silence until someone writes a new one by SWD.</summary>
    private async ValueTask EraseAllUnsecureAsync()
    {
        await driver.EraseAllUnsecureAsync();
        await chip.Firmware.Forever();
    }

    private async ValueTask ExecuteAtAsync(uint entry, uint stack)
    {
        var isGood = MemoryMap.IsEntryPoint(entry) && MemoryMap.IsStack(stack);
        await responses.GenericAsync(isGood ? StatusCode.Success : StatusCode.InvalidArgument, CommandTag.Execute);
        if (!isGood)
            return;
        chip.Uart.Reset();
        if (FirmwareProfile.Word(chip.Ftfe.Array, KvMap.ApplicationStart + 4) == entry)
            chip.Jump(KvMap.ApplicationStart);
        await chip.Firmware.Forever();
    }

    /// <summary>The virtual core executes one function only, a bare return, which gives its argument back; any other never returns.</summary>
    private async ValueTask<StatusCode> CallAsync(uint entry, uint argument)
    {
        if (!MemoryMap.IsEntryPoint(entry))
            return StatusCode.InvalidArgument;
        var instruction = new byte[2];
        chip.Bus.TryReadMemory(entry & ~1u, instruction);
        if (instruction is not [0x70, 0x47]) // BX LR
            await chip.Firmware.Forever();
        return (StatusCode)argument;
    }
}
