using System.Globalization;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Power;

/// <summary>The SCPI words of a small lab supply, short and long forms, several on a line with semicolons.</summary>
public sealed class ScpiCommand(Supply supply, Kv58Chip chip, string name)
{
    private readonly Queue<string> errors = new();

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
            switch (Shorten(words[0]))
            {
                case "*IDN?":
                    return $"HilRig,VirtualSupply,{name},1.0";
                case "*RST" or "*CLS":
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

    /// <summary>OUTPUT:STATE becomes OUTP, MEASURE:VOLTAGE:DC? becomes MEAS:VOLT?, and so on.</summary>
    private static string Shorten(string header) => header.TrimStart(':')
        .Replace("SOURCE:", "").Replace("SOUR:", "").Replace("DIGITAL", "DIG").Replace("OUTPUT", "OUTP")
        .Replace(":STATE", "").Replace(":STAT", "").Replace("MEASURE", "MEAS").Replace("VOLTAGE", "VOLT").Replace("CURRENT", "CURR")
        .Replace(":SCALAR", "").Replace(":SCAL", "").Replace(":DC", "").Replace("SYSTEM", "SYST").Replace("ERROR", "ERR");
}
