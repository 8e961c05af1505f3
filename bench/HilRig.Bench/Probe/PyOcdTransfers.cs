using System.Globalization;
using System.Text.Json;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;

namespace HilRig.Bench.Probe;

/// <summary>
/// pyOCD's own transfer time: what a step reads over SWD, by the calls that pyOCD's own commands make, in one open session of a
/// process of its own. Start and connect are left out; no console, no file, no comparing, no keeping.
/// </summary>
/// <param name="Ranges">Each read past the cache and through it.</param>
/// <param name="Words">Each read alone.</param>
/// <param name="WithCore">Halts, reads the core's registers, resumes; and reads the MDM-AP.</param>
internal sealed record PyOcdTransfers(IReadOnlyList<AddressRange> Ranges, IReadOnlyList<uint> Words, bool WithCore)
{
    private const string Script = """
        import json, sys, time
        from pyocd.core.helpers import ConnectHelper
        uid, asked, turns = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
        core = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9', 'r10', 'r11', 'r12', 'sp', 'lr', 'pc', 'xpsr', 'msp', 'psp']
        with ConnectHelper.session_with_chosen_probe(unique_id=uid, options={'target_override': 'cortex_m', 'connect_mode': 'attach', 'auto_unlock': False}, blocking=False) as session:
            target = session.target
            ap = target.aps[0]
            for turn in range(turns):
                began = time.perf_counter()
                for hprot in (3, 11):
                    ap.hprot = hprot
                    for start, size in asked['ranges']:
                        ap.read_memory_block8(start, size)
                for address in asked['words']:
                    ap.read32(address)
                if asked['core']:
                    target.halt()
                    for name in core:
                        target.read_core_register(name)
                    target.resume()
                    for register in (0xfc, 0):
                        target.aps[1].read_reg(register)
                print('@@', time.perf_counter() - began)
        """;

    /// <summary>Seconds of each turn.</summary>
    public double[] Run(Place place, string folder, int turns)
    {
        var interpreter = File.ReadLines(PyOcdProgram.Path).First()[2..].Trim();
        var asked = JsonSerializer.Serialize(new { ranges = Ranges.Select(range => new[] { range.Start, (uint)range.Size }), words = Words, core = WithCore });
        return [.. OneShotPyOcd.Start(interpreter, ["-c", Script, place.Probe.Uid, asked, $"{turns}"], folder).Split('\n')
            .Where(line => line.StartsWith("@@", StringComparison.Ordinal)).Select(line => double.Parse(line[2..], CultureInfo.InvariantCulture))];
    }
}
