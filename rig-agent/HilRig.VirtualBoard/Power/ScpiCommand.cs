using System.Globalization;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Power;

/// <summary>The SCPI words of a small lab supply, short and long forms, several on a line with semicolons.</summary>
public sealed class ScpiCommand
{
    private readonly Queue<string> errors = new();
    private readonly Supply supply;
    private readonly Kv58Chip chip;
    private readonly string name;
    private readonly SupplyTrigger trigger;
    private readonly ScpiTrigger triggerWords;

    public ScpiCommand(Supply supply, Kv58Chip chip, string name)
    {
        (this.supply, this.chip, this.name) = (supply, chip, name);
        trigger = new SupplyTrigger(supply, chip);
        triggerWords = new ScpiTrigger(trigger);
    }

    /// <summary>Executes a line and returns the answers joined by semicolons; null when there is nothing to say.</summary>
    public string? Execute(string line)
    {
        var answers = line.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(ExecuteOne).Where(answer => answer is not null).ToList();
        return answers.Count == 0 ? null : string.Join(';', answers);
    }

    private string? ExecuteOne(string command)
    {
        var words = command.ToUpperInvariant().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var argument = words.Length > 1 ? words[1] : "";
        lock (chip.Gate)
        {
            var header = Shorten(words[0]);
            if (triggerWords.TryExecute(header, argument, out var answer))
                return answer;
            switch (header)
            {
                case "*IDN?":
                    return $"HilRig,VirtualSupply,{name},1.0";
                case "*RST":
                    trigger.Reset();
                    supply.Set(Supply.Nominal);
                    errors.Clear();
                    return null;
                case "*CLS":
                    errors.Clear();
                    return null;
                case "*OPC?":
                    return "1";
                case "OUTP?":
                    return supply.IsOn ? "1" : "0";
                case "OUTP" when argument is "ON" or "1":
                    supply.Switch(true);
                    return null;
                case "OUTP" when argument is "OFF" or "0":
                    supply.Switch(false);
                    return null;
                case "VOLT?":
                    return supply.Level.ToString("F3", CultureInfo.InvariantCulture);
                case "VOLT" when double.TryParse(argument, CultureInfo.InvariantCulture, out var volts) && volts is >= 0 and <= Supply.Highest:
                    supply.Set(volts);
                    return null;
                case "MEAS:VOLT?":
                    chip.Advance();
                    return supply.Voltage.ToString("F3", CultureInfo.InvariantCulture);
                case "MEAS:CURR?":
                    chip.Advance();
                    return supply.Current.ToString("F4", CultureInfo.InvariantCulture);
                case "DIG:OUTP:DATA?":
                    return supply.Lines.ToString(CultureInfo.InvariantCulture);
                case "DIG:OUTP:DATA" when int.TryParse(argument, CultureInfo.InvariantCulture, out var lines) && lines is >= 0 and <= 3:
                    supply.DriveLines(lines);
                    return null;
                case "SYST:ERR?":
                    return errors.TryDequeue(out var error) ? error : "0,\"No error\"";
                default:
                    errors.Enqueue($"-113,\"Undefined header;{command}\"");
                    return null;
            }
        }
    }

    /// <summary>OUTPUT:STATE becomes OUTP, SOURCE:VOLTAGE becomes VOLT, MEASURE:VOLTAGE:DC? becomes MEAS:VOLT?, and so on.</summary>
    private static string Shorten(string header)
    {
        var nodes = header.Trim(':', '?').Split(':').Select(node => ShortForms.GetValueOrDefault(node, node)).ToList();
        var told = nodes.Where((node, index) => index == 0 ? node != "SOUR" : !ImpliedNodes.Contains(node));
        return string.Join(':', told) + (header.EndsWith('?') ? "?" : "");
    }

    /// <summary>Nodes that a supply takes as said when they are left out.</summary>
    private static readonly HashSet<string> ImpliedNodes = ["STAT", "SCAL", "DC", "IMM"];

    private static readonly Dictionary<string, string> ShortForms = new()
    {
        ["ABORT"] = "ABOR",
        ["CONDITION"] = "COND",
        ["COUNT"] = "COUN",
        ["CURRENT"] = "CURR",
        ["DELAY"] = "DEL",
        ["DIGITAL"] = "DIG",
        ["ERROR"] = "ERR",
        ["IMMEDIATE"] = "IMM",
        ["INITIATE"] = "INIT",
        ["INPUT"] = "INP",
        ["MEASURE"] = "MEAS",
        ["OPERATION"] = "OPER",
        ["OUTPUT"] = "OUTP",
        ["SCALAR"] = "SCAL",
        ["SOURCE"] = "SOUR",
        ["STATE"] = "STAT",
        ["STATUS"] = "STAT",
        ["SYSTEM"] = "SYST",
        ["TRIGGER"] = "TRIG",
        ["VOLTAGE"] = "VOLT",
    };
}
