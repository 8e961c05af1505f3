using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <content>Properties, security, program-once area, starting code.</content>
public sealed partial class BootloaderClient
{
    /// <summary>The value's words. <paramref name="index"/> chooses the RAM bank for RamStartAddress and RamSizeInBytes, else 0.</summary>
    public Task<IReadOnlyList<uint>> GetPropertyAsync(PropertyTag tag, uint index, CancellationToken cancellationToken) =>
        CommandAsync<IReadOnlyList<uint>>(
            token => Run(new CommandPacket(CommandTag.GetProperty, 0, (uint)tag, index), CommandTag.GetPropertyResponse, timeouts.Command, token),
            cancellationToken);

    /// <summary>KBOOT 2.0 lets VerifyWrites (0, 1) and FlashReadMargin (0, 1, 2) be set.</summary>
    public Task SetPropertyAsync(PropertyTag tag, uint value, CancellationToken cancellationToken) =>
        CommandAsync(CommandTag.SetProperty, timeouts.Command, cancellationToken, (uint)tag, value);

    /// <summary>Opens a secured part until its next reset, given the backdoor key.</summary>
    public Task FlashSecurityDisableAsync(uint keyLow, uint keyHigh, CancellationToken cancellationToken) =>
        CommandAsync(CommandTag.FlashSecurityDisable, timeouts.Command, cancellationToken, keyLow, keyHigh);

    /// <summary>Programs a once-only record; KV58 has 8 of 8 bytes.</summary>
    public Task FlashProgramOnceAsync(uint index, ReadOnlyMemory<uint> words, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(words.Length, CommandPacket.MaxParameters - 2);
        return CommandAsync(CommandTag.FlashProgramOnce, timeouts.Command, cancellationToken, [index, (uint)words.Length * 4, .. words.Span]);
    }

    /// <summary>Reads a once-only record. KBOOT 2.0 does not check the byte count; its buffer holds 8.</summary>
    public Task<IReadOnlyList<uint>> FlashReadOnceAsync(uint index, uint byteCount, CancellationToken cancellationToken) =>
        CommandAsync<IReadOnlyList<uint>>(
            token => Run(new CommandPacket(CommandTag.FlashReadOnce, 0, index, byteCount), CommandTag.FlashReadOnceResponse, timeouts.Command, token)[1..],
            cancellationToken);

    /// <summary>Reads the flash controller's resources: <paramref name="option"/> 0 the IFR, 1 the version id. Multiples of 8 bytes.</summary>
    public Task<byte[]> FlashReadResourceAsync(uint start, int byteCount, uint option, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        return CommandAsync(
            token => ReceiveData(
                new CommandPacket(CommandTag.FlashReadResource, 0, start, (uint)byteCount, option), CommandTag.FlashReadResourceResponse, byteCount, token),
            cancellationToken);
    }

    /// <summary>Not in the KV58's build, which answers 10000.</summary>
    public Task ConfigureQuadSpiAsync(uint memoryId, uint configurationAddress, CancellationToken cancellationToken) =>
        CommandAsync(CommandTag.ConfigureQuadSpi, timeouts.Command, cancellationToken, memoryId, configurationAddress);

    /// <summary>Not in the KV58's build, which answers 10000.</summary>
    public Task ReliableUpdateAsync(uint address, CancellationToken cancellationToken) =>
        CommandAsync(CommandTag.ReliableUpdate, timeouts.Erase(timeouts.FlashSize), cancellationToken, address);

    /// <summary>A command without data phase that has no method of its own, such as one of later bootloaders.</summary>
    public Task SendAsync(CommandTag tag, ReadOnlyMemory<uint> parameters, CancellationToken cancellationToken) =>
        CommandAsync(tag, timeouts.Command, cancellationToken, parameters.ToArray());

    /// <summary>Jumps for good; the response comes before the jump. A stack pointer of 0 keeps the present one.</summary>
    public Task ExecuteAsync(uint entry, uint argument, uint stackPointer, CancellationToken cancellationToken) =>
        LeaveAsync(new CommandPacket(CommandTag.Execute, 0, entry, argument, stackPointer), cancellationToken);

    /// <summary>Calls a function and returns what it returns, which the device sends in place of a status.</summary>
    public Task<uint> CallAsync(uint address, uint argument, CancellationToken cancellationToken) =>
        CommandAsync(
            token => (uint)exchange.Run(new CommandPacket(CommandTag.Call, 0, address, argument), CommandTag.GenericResponse, timeouts.Command, token).Status(),
            cancellationToken);

    /// <summary>Resets the device after its response was ACKed. It then waits for a ping at any rate.</summary>
    public Task ResetAsync(CancellationToken cancellationToken) => LeaveAsync(new CommandPacket(CommandTag.Reset, 0), cancellationToken);

    private Task<uint[]> LeaveAsync(CommandPacket command, CancellationToken cancellationToken) =>
        CommandAsync(
            token =>
            {
                var words = Run(command, CommandTag.GenericResponse, timeouts.Command, token);
                session.Lose();
                return words;
            },
            cancellationToken);
}
