using System.Globalization;
using System.Text.RegularExpressions;

namespace HilRig.Agent.Probe;

/// <summary>
/// What pyOCD printed for one command, read strictly: a line that does not belong to the command is nonsense, and a process
/// that talks nonsense is replaced. The same in 0.36 and 0.45.
/// </summary>
/// <param name="Probe">The probe's uid, for the error.</param>
public sealed partial record PyOcdReply(string Probe, string Command, IReadOnlyList<string> Lines)
{
    /// <summary>The command prints nothing when it went well.</summary>
    public void ExpectNothing()
    {
        if (Lines.Count > 0)
            throw Nonsense("nothing");
    }

    /// <summary>Every line begins with one of these, and there is at least one.</summary>
    public void Expect(params ReadOnlySpan<string> beginnings)
    {
        var isSaid = Lines.Count > 0;
        foreach (var line in Lines)
        {
            var isKnown = false;
            foreach (var beginning in beginnings)
                isKnown |= line.StartsWith(beginning, StringComparison.Ordinal);
            isSaid &= isKnown;
        }
        if (!isSaid)
            throw Nonsense($"`{beginnings[0]}…`");
    }

    /// <summary>One line for each of these, in their order.</summary>
    public void ExpectEach(IReadOnlyList<string> beginnings)
    {
        if (Lines.Count != beginnings.Count || !Lines.Zip(beginnings).All(pair => pair.First.StartsWith(pair.Second, StringComparison.Ordinal)))
            throw Nonsense($"`{string.Join("… / ", beginnings)}…`");
    }

    /// <summary>Values of hex dumps, <c>10000000:  20020000 10000411   | ... |</c>, in the order printed.</summary>
    public IReadOnlyList<uint> Words(int count)
    {
        var words = new List<uint>(count);
        foreach (var line in Lines)
        {
            if (DumpLine().Match(line) is not { Success: true } match)
                throw Nonsense($"{count} values in hex");
            foreach (Capture capture in match.Groups["value"].Captures)
                words.Add(uint.Parse(capture.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }
        return words.Count == count ? words : throw Nonsense($"{count} values in hex");
    }

    /// <summary>Core registers by name: one line <c>pc = 0x10000410</c> each, some with the decimal value behind.</summary>
    public IReadOnlyDictionary<string, uint> Registers(IReadOnlyList<string> names)
    {
        var values = new Dictionary<string, uint>();
        foreach (var line in Lines)
        {
            if (RegisterLine().Match(line) is not { Success: true } match)
                throw Nonsense(string.Join(", ", names));
            values[match.Groups["name"].Value] = Hex(match.Groups["value"]);
        }
        return names.All(values.ContainsKey) && values.Count == names.Count ? values : throw Nonsense(string.Join(", ", names));
    }

    /// <summary>Registers of access port or debug port, <c>AP register 0x1000000 = 0x0000003a</c>, in the order asked.</summary>
    public IReadOnlyList<uint> AccessPortRegisters(int count)
    {
        var matches = Lines.Select(line => AccessPortLine().Match(line)).ToList();
        return matches.Count == count && matches.All(match => match.Success)
            ? [.. matches.Select(match => Hex(match.Groups["value"]))]
            : throw Nonsense($"{count} access-port registers");
    }

    private static uint Hex(Group group) => uint.Parse(group.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private ProbeException Nonsense(string expected) =>
        new($"probe {Probe}: pyOCD answered `{Shortened(Command)}` with `{Shortened(string.Join(" / ", Lines))}`, expected {expected}", isWorthRestart: true);

    private static string Shortened(string text) => text.Length <= 200 ? text : text[..200] + "…";

    [GeneratedRegex("^[0-9a-f]{8}:  (?:(?<value>[0-9a-f]{2,8}) +)+\\|")]
    private static partial Regex DumpLine();

    [GeneratedRegex("^(?<name>[a-z0-9]+) = 0x(?<value>[0-9a-f]{1,8})(?: \\([0-9-]+\\))?$")]
    private static partial Regex RegisterLine();

    [GeneratedRegex("^[AD]P register 0x[0-9a-f]+ = 0x(?<value>[0-9a-f]{8})$")]
    private static partial Regex AccessPortLine();
}
