using System.Globalization;

namespace HilRig.Tests.Server;

/// <summary>A small history file: two boards, one sequence, an update that fails whenever another went before it since the reset.</summary>
internal static class Histories
{
    private const string Header = "row,night,release,agent,board,cycle,seq,step_idx,step,phase,t_s,image,size_kb,baud,upd_since_reset,t_since_reset_s,cycles_since_power,last_reset,same_image,outcome,fingerprint,witness";

    public static IEnumerable<string> Lines(int cycles = 30)
    {
        yield return Header;
        var row = 0;
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            foreach (var board in new[] { "b01", "b02" })
            {
                var again = cycle % 3 == 0 ? 1 : 0;
                yield return Line("connect", 0, again, "pass,,0");
                yield return Line("erase_all", 1, again, "pass,,0");
                yield return Line("update", 2, again, again == 1 ? "fail,10203,0" : "pass,,0");

                string Line(string step, int index, int updates, string outcome) => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{row++},1,R1,a1,{board},{cycle},S01,{index},{step},run,{(cycle * 10) + index + (board == "b02" ? 0.5 : 0)},{(index == 2 ? "app,6" : ",0")},57600,{updates},1.5,{cycle},power_cycle,0,{outcome}");
            }
        }
    }
}
