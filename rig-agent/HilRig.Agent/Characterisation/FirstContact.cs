using HilRig.Agent.Bootloader;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Kboot;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Characterisation;

/// <summary>Asks a chip and its bootloader what they are. Nothing is written but what <see cref="ScratchFlash"/> is given leave for.</summary>
internal sealed class FirstContact(Bench bench)
{
    private static readonly (string Name, uint Address)[] CoreWords =
    [
        ("CPUID", 0xE000ED00), ("MPU_TYPE", 0xE000ED90), ("ID_PFR0", 0xE000ED40), ("ID_PFR1", 0xE000ED44), ("ID_DFR0", 0xE000ED48), ("ID_MMFR0", 0xE000ED50),
        ("ID_ISAR0", 0xE000ED60), ("MVFR0", 0xE000EF40), ("MVFR1", 0xE000EF44), ("CTR", 0xE000ED7C), ("SIM_SDID", 0x40048024), ("SIM_FCFG1", 0x4004804C), ("SIM_FCFG2", 0x40048050),
    ];

    private IReadOnlyDictionary<string, string> Assumed => bench.Board.Assumed;

    public async IAsyncEnumerable<Characteristic> AskAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // First: the default is only there until somebody has said otherwise.
        foreach (var found in await DebugPortAsync(cancellationToken))
            yield return found;
        foreach (var (core, value) in CoreWords.Zip(await bench.Probe.ReadWordsAsync([.. CoreWords.Select(word => word.Address)], cancellationToken)))
            yield return Word("core", core.Name, value);
        await using (var halted = await bench.Probe.HaltAsync(cancellationToken))
        {
            var caches = await CoreCaches.ReadAsync(halted, cancellationToken);
            yield return Word("caches", "CLIDR", caches.Clidr);
            yield return Word("caches", "CCSIDR data", caches.DataSize, CoreCaches.Shape(caches.DataSize));
            yield return Word("caches", "CCSIDR instruction", caches.InstructionSize, CoreCaches.Shape(caches.InstructionSize));
            yield return new Characteristic("caches", "on at this moment", $"D-cache {(caches.IsDataCacheOn ? "on" : "off")}, I-cache {(caches.IsInstructionCacheOn ? "on" : "off")}", null, false);
        }
        foreach (var tag in Enum.GetValues<PropertyTag>().Where(tag => tag is not (PropertyTag.RamStartAddress or PropertyTag.RamSizeInBytes)))
            yield return await PropertyAsync(tag, cancellationToken);
        for (var bank = 0; bank < bench.Board.Map.Ram.Count; bank++)
        {
            yield return await MemoryAsync($"RamStartAddress {bank}", PropertyTag.RamStartAddress, (uint)bank, bench.Board.Map.Ram[bank].Start, cancellationToken);
            yield return await MemoryAsync($"RamSizeInBytes {bank}", PropertyTag.RamSizeInBytes, (uint)bank, bench.Board.Map.Ram[bank].Size, cancellationToken);
        }
    }

    /// <summary>A session of its own: pyOCD's default HPROT is what it says before this program has chosen one.</summary>
    private async Task<IReadOnlyList<Characteristic>> DebugPortAsync(CancellationToken cancellationToken)
    {
        await using var fresh = new PyOcdProbe(bench.Place.Probe);
        return await fresh.OnceAsync(async pyOcd =>
        {
            var deadline = bench.Place.Probe.Timeouts.Command;
            var registers = (await pyOcd.RunAsync("readdp 0;readap 0 0xfc;readap 1 0xfc;readap 0 0", deadline, cancellationToken)).AccessPortRegisters(4);
            const int HprotShift = 24;
            var hprot = registers[3] >> HprotShift & 0xF;
            return (IReadOnlyList<Characteristic>)
            [
                Word("debug port", "DPIDR", registers[0]), Word("debug port", "AHB-AP IDR", registers[1]), Word("debug port", "MDM-AP IDR", registers[2]),
                Word("debug port", "HPROT default", hprot, (hprot & 8) != 0 ? "cacheable: a probe that is asked no further sees what the core sees" : "not cacheable: a probe that is asked no further sees the array"),
            ];
        }, cancellationToken);
    }

    private async Task<Characteristic> PropertyAsync(PropertyTag tag, CancellationToken cancellationToken)
    {
        try
        {
            var words = await bench.Bootloader.GetPropertyAsync(tag, 0, cancellationToken);
            var inWords = PropertyText.Describe(tag, words);
            return words.Count == 1 ? Characteristic.OfWord("bootloader", $"{tag}", words[0], OfMap(tag) ?? Number($"{tag}"), inWords) : new Characteristic("bootloader", $"{tag}", inWords, null, false);
        }
        catch (BootloaderStatusException exception)
        {
            return Characteristic.Missing("bootloader", $"{tag}", exception.Status == StatusCode.UnknownProperty ? "not in this build" : exception.Status.ToManualName());
        }
    }

    private async Task<Characteristic> MemoryAsync(string name, PropertyTag tag, uint bank, uint assumed, CancellationToken cancellationToken)
    {
        try
        {
            return Characteristic.OfWord("memory", name, (await bench.Bootloader.GetPropertyAsync(tag, bank, cancellationToken))[0], assumed);
        }
        catch (BootloaderStatusException exception)
        {
            return Characteristic.Missing("memory", name, exception.Status.ToManualName());
        }
    }

    private uint? OfMap(PropertyTag tag) => tag switch
    {
        PropertyTag.FlashStartAddress => bench.Board.Map.Flash.Start,
        PropertyTag.FlashSizeInBytes => bench.Board.Map.Flash.Size,
        PropertyTag.FlashSectorSize => bench.Board.Map.SectorSize,
        _ => null,
    };

    private Characteristic Word(string group, string name, uint found, string note = "") => Characteristic.OfWord(group, name, found, Number(name), note);

    private uint? Number(string name) => Assumed.TryGetValue(name, out var text) && Quantity.TryNumber(text, out var number) ? number : null;
}
