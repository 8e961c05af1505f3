using System.Buffers.Binary;
using HilRig.Agent.Images;

namespace HilRig.Agent.Probe;

/// <summary>
/// Memory as loads see it that the halted core itself executes: through its cache, if that is on, and past no doubt of what a
/// debugger's access is worth. A copy loop goes to tightly coupled memory, which is never cached, with what it copies behind
/// it; afterwards memory and registers are what they were. A miss fills a cache line, as any load does: look by
/// <see cref="MemoryView.Core"/> first and let the core confirm what differs.
/// </summary>
/// <param name="scratch">RAM outside the cache; at least 512 bytes.</param>
public sealed class CoreLoads(HaltedCore core, AddressRange scratch, TimeProvider time)
{
    private const int CodeBytes = 16;
    private const int MostAtOnce = 32 * 1024;
    private const uint ThumbBit = 1u << 24;
    private const uint ExceptionNumber = 0x1FF;

    /// <summary>DEMCR: VC_HARDERR and VC_BUSERR halt the core where a load faults.</summary>
    private const uint Demcr = 0xE000EDFC;
    private const uint CatchFaults = 1u << 10 | 1u << 8;

    private static readonly TimeSpan RunTime = TimeSpan.FromSeconds(2);

    /// <summary>r0 from, r1 to, r2 words.</summary>
    private static readonly ushort[] Routine =
    [
        0x6803, // ldr  r3, [r0]
        0x600B, // str  r3, [r1]
        0x3004, // adds r0, #4
        0x3104, // adds r1, #4
        0x3A01, // subs r2, #1
        0xD1F9, // bne  to the ldr
        0xBE00, // bkpt
    ];

    /// <summary>Interrupts stay out; the exception number stays what it is; no If-Then state makes the routine conditional.</summary>
    private static readonly string[] Used = ["r0", "r1", "r2", "r3", "pc", "xpsr", "primask"];

    /// <summary>What the core loads from there; the address is a multiple of 4.</summary>
    /// <exception cref="ProbeException">The core could not load it, or could not be put back as it was.</exception>
    public async Task<byte[]> ReadAsync(uint address, int length, CancellationToken cancellationToken)
    {
        var probe = core.Probe;
        var atOnce = Math.Min(Math.Min(MostAtOnce, (int)scratch.Size - CodeBytes) & ~3, (length + 3) & ~3);
        var memory = await probe.ReadMemoryAsync(scratch.Start, CodeBytes + atOnce, MemoryView.Array, cancellationToken);
        var registers = await core.ReadRegistersAsync(Used, cancellationToken);
        var catches = await probe.ReadWordAsync(Demcr, cancellationToken);
        var read = new byte[length];
        try
        {
            await probe.WriteWordAsync(Demcr, catches | CatchFaults, cancellationToken);
            await probe.WriteMemoryAsync(scratch.Start, Code(), MemoryView.Array, cancellationToken);
            for (var done = 0; done < length; done += atOnce)
            {
                var count = Math.Min(atOnce, length - done);
                await RunAsync(address + (uint)done, (count + 3) / 4, registers["xpsr"], cancellationToken);
                (await probe.ReadMemoryAsync(scratch.Start + CodeBytes, count, MemoryView.Array, cancellationToken)).CopyTo(read, done);
            }
        }
        finally
        {
            // Not to be cancelled: a core that is let go with our registers runs into nowhere.
            await probe.WriteMemoryAsync(scratch.Start, memory, MemoryView.Array, CancellationToken.None);
            await core.WriteRegistersAsync(registers, CancellationToken.None);
            await probe.WriteWordAsync(Demcr, catches, CancellationToken.None);
        }
        return read;
    }

    private async Task RunAsync(uint from, int words, uint xpsr, CancellationToken cancellationToken)
    {
        await core.WriteRegistersAsync(new Dictionary<string, uint>
        {
            ["r0"] = from,
            ["r1"] = scratch.Start + CodeBytes,
            ["r2"] = (uint)words,
            ["xpsr"] = (xpsr & ExceptionNumber) | ThumbBit,
            ["primask"] = 1,
            ["pc"] = scratch.Start,
        }, cancellationToken);
        await core.GoAsync(cancellationToken);
        var began = time.GetTimestamp();
        while ((await core.Probe.ReadWordAsync(PyOcdProbe.Dhcsr, cancellationToken) & PyOcdProbe.HaltedBit) == 0)
        {
            if (time.GetElapsedTime(began) <= RunTime)
                continue;
            await core.StopAsync(CancellationToken.None);
            throw new ProbeException($"probe {core.Probe.Uid}: the core did not finish a loop of {words} loads from 0x{from:X8} within {RunTime.TotalSeconds:0} s", isWorthRestart: false);
        }
        var left = await core.ReadRegistersAsync(["pc", "r0", "r2"], cancellationToken);
        if (left["r2"] != 0)
            throw new ProbeException($"probe {core.Probe.Uid}: the core faults on loading from 0x{left["r0"]:X8} (pc 0x{left["pc"]:X8})", isWorthRestart: false);
    }

    private static byte[] Code()
    {
        var code = new byte[CodeBytes];
        for (var index = 0; index < Routine.Length; index++)
            BinaryPrimitives.WriteUInt16LittleEndian(code.AsSpan(index * 2), Routine[index]);
        return code;
    }
}
