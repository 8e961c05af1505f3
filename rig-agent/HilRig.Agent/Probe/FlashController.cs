using System.Buffers.Binary;

namespace HilRig.Agent.Probe;

/// <summary>How strictly the flash controller reads: at a margin, a bit that barely holds its value counts as wrong.</summary>
public enum ReadMargin
{
    Normal,
    User,
    Factory,
}

/// <summary>
/// The FTFE of a Kinetis KV58, driven by the probe through its registers with the core halted: no CMSIS pack, no code in the
/// target. FCCOB3..0 and 7..4 read as one little-endian word each, so command and address make the first word.
/// <code>
/// 40020000 FSTAT  80 CCIF  40 RDCOLERR  20 ACCERR  10 FPVIOL  01 MGSTAT0
/// 40020004 FCCOB0..3: command, address [23:16] [15:8] [7:0]     40020008 FCCOB4..7     4002000C FCCOB8..B
/// </code>
/// Sources: KBOOT 2.0.0 fsl_flash.c (commands, 1 KB section in the programming RAM); facts: kboot §9.
/// </summary>
public sealed class FlashController(HaltedCore core, uint flashStart, TimeProvider time)
{
    /// <summary>Bytes that one command programs at most; KBOOT's own section size.</summary>
    public const int SectionBytes = 1024;

    /// <summary>Bytes programmed together at least.</summary>
    public const int UnitBytes = 32;

    private const uint Fstat = 0x40020000;
    private const uint Fccob = 0x40020004;
    private const uint ProgrammingRam = 0x18000000;
    private const byte Ccif = 0x80, AccErr = 0x20, FpViol = 0x10, MgStat0 = 0x01;
    private const byte ReadOnes = 0x01, CheckWord = 0x02, EraseSector = 0x09, ProgramSection = 0x0B;

    /// <summary>FMC_PFB0CR and its S_INV: the array's speculation buffers know nothing of an erase or a program.</summary>
    private const uint Pfb0Cr = 0x4001F004;
    private const uint InvalidateSpeculation = 1u << 19;

    /// <summary>Words checked by one line to pyOCD.</summary>
    private const int ChecksPerLine = 64;

    private PyOcdProbe Probe => core.Probe;

    /// <summary>Erases the sector that holds <paramref name="address"/>.</summary>
    public Task EraseSectorAsync(uint address, CancellationToken cancellationToken) => DoAsync(async pyOcd =>
        Require(await LaunchAsync(pyOcd, EraseSector, address, [], cancellationToken), $"erase of the sector at 0x{address:X8}"), cancellationToken);

    /// <summary>Programs erased flash; <paramref name="address"/> is a multiple of 32, the last unit is filled up with FF.</summary>
    public Task ProgramAsync(uint address, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => DoAsync(async pyOcd =>
    {
        for (var done = 0; done < bytes.Length;)
        {
            var at = address + (uint)done;
            // No section crosses a multiple of its size, hence no sector.
            var count = Math.Min(bytes.Length - done, SectionBytes - (int)(at % SectionBytes));
            var section = new byte[(count + UnitBytes - 1) / UnitBytes * UnitBytes];
            Array.Fill(section, (byte)0xFF);
            bytes.Slice(done, count).CopyTo(section);
            if (section.AsSpan().ContainsAnyExcept((byte)0xFF))
                Require(await ProgramSectionAsync(pyOcd, at, section, cancellationToken), $"programming of {section.Length} bytes at 0x{at:X8}");
            done += count;
        }
    }, cancellationToken);

    /// <summary>True when <paramref name="units"/> units of 32 bytes read as ones at that margin.</summary>
    public Task<bool> IsErasedAsync(uint address, int units, ReadMargin margin, CancellationToken cancellationToken) => Probe.OnceAsync(async pyOcd =>
    {
        var status = await LaunchAsync(pyOcd, ReadOnes, address, [(uint)units << 16 | (uint)margin << 8], cancellationToken);
        return (RequireAccepted(status, $"read-1s at 0x{address:X8}") & MgStat0) == 0;
    }, cancellationToken);

    /// <summary>Addresses of the words in <paramref name="expected"/> that do not read as such at that margin, user or factory.</summary>
    public Task<IReadOnlyList<uint>> FindWeakWordsAsync(uint address, ReadOnlyMemory<byte> expected, ReadMargin margin, CancellationToken cancellationToken) => Probe.OnceAsync(async pyOcd =>
    {
        await Probe.SelectAsync(pyOcd, MemoryView.Array, cancellationToken);
        var weak = new List<uint>();
        for (var offset = 0; offset < expected.Length; offset += ChecksPerLine * 4)
        {
            var count = Math.Min(ChecksPerLine, (expected.Length - offset) / 4);
            var words = Enumerable.Range(0, count).Select(index => address + (uint)(offset + index * 4)).ToList();
            uint[] Parameters(uint at) => [(uint)margin << 24, BinaryPrimitives.ReadUInt32LittleEndian(expected.Span[(int)(at - address)..])];
            var line = string.Join(';', words.Select(at => Command(CheckWord, at, Parameters(at))));
            var statuses = (await pyOcd.RunAsync(line, Probe.Settings.Timeouts.Transfer(count * 256L), cancellationToken)).Words(count);
            foreach (var (at, status) in words.Zip(statuses))
            {
                // A command that was still running swallowed the next one's parameters: both are asked again, alone.
                var final = statuses.All(each => (each & Ccif) != 0) ? (byte)status : await LaunchAsync(pyOcd, CheckWord, at, Parameters(at), cancellationToken);
                if ((RequireAccepted(final, $"program check at 0x{at:X8}") & MgStat0) != 0)
                    weak.Add(at);
            }
        }
        return (IReadOnlyList<uint>)weak;
    }, cancellationToken);

    private Task DoAsync(Func<PyOcdSession, Task> act, CancellationToken cancellationToken) => Probe.OnceAsync(async pyOcd =>
    {
        await Probe.SelectAsync(pyOcd, MemoryView.Array, cancellationToken);
        await act(pyOcd);
        var control = (await pyOcd.RunAsync($"read32 0x{Pfb0Cr:x8}", Probe.Settings.Timeouts.Command, cancellationToken)).Words(1)[0];
        (await pyOcd.RunAsync($"write32 0x{Pfb0Cr:x8} 0x{control | InvalidateSpeculation:x8}", Probe.Settings.Timeouts.Command, cancellationToken)).ExpectNothing();
    }, cancellationToken);

    /// <summary>Data and command go out in one line: one round trip a section.</summary>
    private async Task<byte> ProgramSectionAsync(PyOcdSession pyOcd, uint address, byte[] section, CancellationToken cancellationToken)
    {
        var command = Command(ProgramSection, address, [(uint)(section.Length / UnitBytes) << 16]);
        var reply = await Probe.LoadAsync(pyOcd, ProgrammingRam, section, command, cancellationToken);
        return await FinishAsync(pyOcd, (byte)reply.Words(1)[0], cancellationToken);
    }

    private async Task<byte> LaunchAsync(PyOcdSession pyOcd, byte command, uint address, uint[] parameters, CancellationToken cancellationToken)
    {
        await Probe.SelectAsync(pyOcd, MemoryView.Array, cancellationToken);
        var reply = await pyOcd.RunAsync(Command(command, address, parameters), Probe.Settings.Timeouts.Command, cancellationToken);
        return await FinishAsync(pyOcd, (byte)reply.Words(1)[0], cancellationToken);
    }

    /// <summary>Clears old errors, sets the parameters, starts, and looks once.</summary>
    private string Command(byte command, uint address, uint[] parameters) =>
        $"write8 0x{Fstat:x8} 0x70;write32 0x{Fccob:x8} {string.Join(' ', parameters.Prepend((uint)command << 24 | (address - flashStart)).Select(word => $"0x{word:x8}"))};write8 0x{Fstat:x8} 0x{Ccif:x2};read8 0x{Fstat:x8}";

    private async Task<byte> FinishAsync(PyOcdSession pyOcd, byte status, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while ((status & Ccif) == 0)
        {
            if (time.GetElapsedTime(began) > Probe.Settings.Timeouts.FlashCommand)
                throw new ProbeException($"probe {Probe.Uid}: the flash controller did not finish within {Probe.Settings.Timeouts.FlashCommand.TotalSeconds:0.#} s (FSTAT 0x{status:X2})", isWorthRestart: false);
            status = (byte)(await pyOcd.RunAsync($"read8 0x{Fstat:x8}", Probe.Settings.Timeouts.Command, cancellationToken)).Words(1)[0];
        }
        return status;
    }

    private void Require(byte status, string what)
    {
        if ((RequireAccepted(status, what) & MgStat0) != 0)
            throw new FlashFailureException($"the flash controller reports MGSTAT0 for the {what}: the cells did not take it (FSTAT 0x{status:X2})");
    }

    private byte RequireAccepted(byte status, string what) => (status & (AccErr | FpViol)) == 0
        ? status
        : throw new ProbeException($"probe {Probe.Uid}: the flash controller refused the {what}: {((status & FpViol) != 0 ? "FPVIOL, the region is protected (FPROT)" : "ACCERR, it cannot do that")} (FSTAT 0x{status:X2})", isWorthRestart: false);
}
