using HilRig.Analysis.History;
using HilRig.Bench.Histories;
using HilRig.Model;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.History;

public class HistoryFileTests
{
    private const string Header = "row,night,release,agent,board,cycle,seq,step_idx,step,phase,t_s,image,size_kb,baud,upd_since_reset,t_since_reset_s,cycles_since_power,last_reset,same_image,outcome,fingerprint,witness";
    private const string First = "0,1,R1,a1,b01,1,S01,0,connect,run,1.5,,0,57600,0,0,0,power_cycle,0,pass,,0";
    private const string Second = "1,1,R1,a1,b01,1,S01,1,update,run,3.5,I1,128,57600,0,2,0,power_cycle,0,fail,10203,0";

    [Test]
    public void A_row_is_read_field_by_field()
    {
        var row = Read(Header, First, Second)[1];
        Assert.That(row, Is.EqualTo(new HistoryRow(1, "R1", "a1", "b01", 1, "S01", 1, "update", false, 3.5, "I1", 128, "57600", 0, 2, 0, "power_cycle", "0", "10203", false)));
    }

    [Test]
    public void What_was_written_is_read_back_the_same()
    {
        var rows = HistoryWorld.Draw(new NightPlan { Hours = 0.3, Noise = 0.01, Blips = 0.01 }, 5);
        var text = new StringWriter();
        HistoryWorld.Write(rows, text);
        Assert.That(HistoryFile.Read(new StringReader(text.ToString()), "drawn"), Is.EqualTo(rows));
    }

    [Test]
    public void Columns_may_stand_in_any_order()
    {
        var order = Enumerable.Range(0, 22).Reverse().ToArray();
        string Turn(string line) => string.Join(',', order.Select(index => line.Split(',')[index]));
        Assert.That(Read(Turn(Header), Turn(First), Turn(Second)), Is.EqualTo(Read(Header, First, Second)));
    }

    [Test]
    public void A_missing_column_is_named() => Refused("missing column `witness`", Header.Replace(",witness", "", StringComparison.Ordinal), First);

    [Test]
    public void An_unknown_column_is_named_with_the_one_that_was_meant() => Refused("h.csv:1:4: unknown column `agnet`; did you mean `agent`?", Header.Replace("agent", "agnet", StringComparison.Ordinal), First);

    [Test]
    public void A_column_that_stands_twice_is_refused() => Refused("column `board` stands twice", Header.Replace("agent", "board", StringComparison.Ordinal), First);

    [Test]
    public void A_field_too_many_is_refused() => Refused("h.csv:2:1: more than 22 fields", Header, First + ",1");

    [Test]
    public void A_field_too_few_is_refused() => Refused("h.csv:2:1: 21 fields, expected 22", Header, First[..^2]);

    [Test]
    public void An_unknown_outcome_is_refused() => Refused("h.csv:3:20: outcome: `flaky`; expected `pass` or `fail`", Header, First, Second.Replace("fail", "flaky", StringComparison.Ordinal));

    [Test]
    public void An_unknown_phase_is_refused() => Refused("phase: `setup`; expected `run` or `rec`", Header, First.Replace("run", "setup", StringComparison.Ordinal));

    [Test]
    public void A_failure_without_a_fingerprint_is_refused() => Refused("h.csv:3:21: fingerprint: a failing step without a fingerprint", Header, First, Second.Replace("10203", "", StringComparison.Ordinal));

    [Test]
    public void A_pass_with_a_fingerprint_is_refused() => Refused("a passing step with the fingerprint `10203`", Header, First.Replace("pass,", "pass,10203", StringComparison.Ordinal));

    [Test]
    public void A_time_that_is_no_number_is_refused([Values("NaN", "-1", "soon", "", "1e999")] string time) =>
        Refused($"t_s: `{time}`; expected seconds", Header, First.Replace("1.5", time, StringComparison.Ordinal));

    [Test]
    public void Time_that_goes_backwards_is_refused() => Refused("h.csv:3:1: board b01: 0.5 s after 1.5 s; time must not go backwards", Header, First, Second.Replace("3.5", "0.5", StringComparison.Ordinal));

    [Test]
    public void A_row_that_stands_twice_is_refused() => Refused("h.csv:3:1: board b01: cycle 1 step 0 stands twice", Header, First, First);

    [Test]
    public void A_board_that_changes_its_agent_is_refused() => Refused("on agent a2, before on a1", Header, First, Second.Replace("a1", "a2", StringComparison.Ordinal));

    [Test]
    public void An_empty_file_is_refused() => Refused("h.csv: empty");

    [Test]
    public void A_file_of_one_header_is_refused() => Refused("no rows after the header", Header);

    private static void Refused(string message, params string[] lines) =>
        Assert.That(() => Read(lines), Throws.TypeOf<BadInputException>().With.Message.Contains(message));

    private static IReadOnlyList<HistoryRow> Read(params string[] lines) =>
        HistoryFile.Read(new StringReader(string.Join('\n', lines)), "h.csv");
}
