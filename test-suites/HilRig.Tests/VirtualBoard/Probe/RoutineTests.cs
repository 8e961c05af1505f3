using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>Machine code that was written and compiled elsewhere runs on the stepped core as on a real one.</summary>
public class RoutineTests
{
    /// <summary>pyOCD's own flash analyzer, 200 bytes of Cortex-M code that compute the CRC-32 of sectors.</summary>
    private const string Script = """
        import sys, zlib
        from pyocd.core.helpers import ConnectHelper
        from pyocd.flash.flash import Flash
        RETURN, ANALYZER, BUFFER = 0x20000000, 0x20001000, 0x20002000
        algorithm = dict(load_address=RETURN, instructions=[0xE00ABE00], pc_erase_sector=RETURN, pc_program_page=RETURN, static_base=RETURN,
            begin_stack=0x20004000, page_buffers=[BUFFER], analyzer_supported=True, analyzer_address=ANALYZER)
        with ConnectHelper.session_with_chosen_probe(unique_id=sys.argv[1], target_override='cortex_m', blocking=False) as session:
            target = session.target
            target.halt()
            target.write_memory_block32(RETURN, algorithm['instructions'])
            sectors = [(0x10000000, 0x2000), (0x10004000, 0x4000)]
            for crc, (address, size) in zip(Flash(target, algorithm).compute_crcs(sectors), sectors):
                print('%08x %08x' % (crc, zlib.crc32(bytes(target.read_memory_block8(address, size)))))
        """;

    [Test]
    public async Task The_flash_analyzer_of_pyOCD_computes_the_CRC_of_sectors()
    {
        await using var board = new ServedChip();
        new Random(1803).NextBytes(board.Chip.FlashBytes.AsSpan(0x100));
        var output = await PyOcd.RunScriptAsync(Script, $"remote:127.0.0.1:{board.Port}");
        var sums = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Where(pair => pair is [{ Length: 8 }, { Length: 8 }]).ToArray();
        Assert.That(sums, Has.Length.EqualTo(2));
        foreach (var pair in sums) Assert.That(pair[0], Is.EqualTo(pair[1]));
    }
}
