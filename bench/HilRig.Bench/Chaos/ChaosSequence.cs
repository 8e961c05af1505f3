using System.Globalization;
using HilRig.Model.Runs;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.Bench.Chaos;

/// <summary>
/// The sequence of every run. Its reads are marks: their length tells the run and their address the cycle, so that what a board logged can be laid beside
/// what the server stored, command by command.
/// </summary>
internal static class ChaosSequence
{
    public const int Cycles = 6;

    /// <summary>Far from the application, where nothing is ever written.</summary>
    private const uint Marks = KvMap.FlashStart + 0x80000;
    private const int MarkDistance = 0x40;
    private const int ShortestMark = 100;
    private static readonly byte[] Image = FirmwareImage.BuildApplication(6144, 1, "chaos", dataCache: false);

    private static string SetupMark => $"0x{Marks:X8}";

    /// <summary>The body of a request for a run.</summary>
    public static object Order(string place, int ordinal, int seed) => new
    {
        place,
        sequenceName = $"chaos-{ordinal}.yaml",
        sequence = Text(ordinal),
        imageName = "chaos.bin",
        image = Convert.ToBase64String(Image),
        cycles = Cycles,
        seed,
    };

    /// <summary>What the board logs when a step does all it should; in the words of <see cref="BoardDiary"/>.</summary>
    public static IReadOnlyList<string> Commands(string step, string arguments) => step switch
    {
        "read-memory" => [$"read-memory {Hex(Argument(arguments, "start"))} {Hex(Argument(arguments, "length"))}"],
        "erase-all" => ["flash-erase-all 00000000 00000000"],
        "erase-region" => [$"flash-erase-region {Hex(Argument(arguments, "start"))} {Hex(Argument(arguments, "length"))}"],
        "update" => [$"flash-erase-region {KvMap.ApplicationStart:X8} {FlashArray.SectorSize:X8}", $"write-memory {KvMap.ApplicationStart:X8} {Image.Length:X8}"],
        _ => [],
    };

    /// <summary>Everything that a repetition of a cycle may do, from its setup to its cleanup. <paramref name="mark"/>: the arguments of that cycle's first step.</summary>
    public static IEnumerable<string> Repetition(string mark)
    {
        var (start, length) = (Argument(mark, "start"), Argument(mark, "length") & ~1u);
        string Mark(uint at, uint size) => $"read-memory {Hex(at)} {Hex(size)}";
        return
        [
            Mark(Marks, length), Mark(start, length), .. Commands("erase-all", ""), $"flash-erase-region {KvMap.ApplicationStart:X8} {2 * FlashArray.SectorSize:X8}",
            .. Commands("update", ""), Mark(start, length + 1), Mark(Marks, length + 1),
        ];
    }

    /// <summary>True for a read that is one of the marks, and none that evidence makes: where a mark itself failed, that looks at the same place by rows of 16 and 64 bytes.</summary>
    public static bool IsMark(uint address, uint length) => address >= Marks && length >= ShortestMark;

    private static string Text(int ordinal)
    {
        var opens = ShortestMark + (2 * ordinal);
        return $"""
            sequence: chaos-{ordinal}
            board: kv58
            parameters:
              mark: {"{"}default: {SetupMark}, unit: address{"}"}
            matrix:
              over:
                mark: [{string.Join(", ", Enumerable.Range(1, Cycles).Select(cycle => $"0x{Marks + (cycle * MarkDistance):X8}"))}]
            setup:
              - reset: {"{"}by: power{"}"}
              - read-memory: {"{"}start: $mark, length: {opens}{"}"}
            steps:
              - read-memory: {"{"}start: $mark, length: {opens}{"}"}
              - choose:
                  - erase-all
                  - erase-region: {"{"}start: 0x{KvMap.ApplicationStart:X8}, length: 0x{2 * FlashArray.SectorSize:X}{"}"}
                  - []
              - update
              - choose:
                  - verify: {"{"}by: swd{"}"}
                  - verify: {"{"}by: core{"}"}
                  - []
              - choose:
                  - reset: {"{"}by: bootloader{"}"}
                  - reset: {"{"}by: probe{"}"}
                  - reset: {"{"}by: power{"}"}
                  - ping
              - read-memory: {"{"}start: $mark, length: {opens + 1}{"}"}
            cleanup:
              - read-memory: {"{"}start: $mark, length: {opens + 1}{"}"}
              - reset: {"{"}by: power{"}"}
            """;
    }

    private static uint Argument(string arguments, string name)
    {
        var text = arguments.Split(' ').First(argument => argument.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
        return text.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToUInt32(text, 16) : uint.Parse(text, CultureInfo.InvariantCulture);
    }

    private static string Hex(uint value) => value.ToString("X8", CultureInfo.InvariantCulture);
}
