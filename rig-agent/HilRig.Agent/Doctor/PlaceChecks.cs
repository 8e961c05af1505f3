using System.Runtime.CompilerServices;
using HilRig.Agent.Places;
using HilRig.Agent.Power;
using HilRig.Agent.Probe;
using HilRig.Agent.Serial;
using HilRig.Model.Rig;

namespace HilRig.Agent.Doctor;

/// <summary>What a place must have. Nothing is written and no board is reset; the probe attaches, as at the beginning of every run.</summary>
internal static class PlaceChecks
{
    public static async IAsyncEnumerable<Finding> CheckAsync(Place place, bool hasPyOcd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var finding in Serial(place))
            yield return finding;
        if (await PowerAsync(place, cancellationToken) is { } power)
            yield return power;
        if (hasPyOcd)
            yield return await ProbeAsync(place, cancellationToken);
    }

    private static IEnumerable<Finding> Serial(Place place)
    {
        var subject = $"{place.Name} serial";
        Finding opened;
        try
        {
            using var link = SerialLinks.Open(place.SerialDevice, place.Baud, place.SerialDriver);
            opened = Finding.Well(subject, $"{place.SerialDevice} opens at {place.Baud} baud");
        }
        catch (SerialLinkException exception)
        {
            opened = Finding.Broken(subject, $"{exception.Device} {exception.Observation}", exception.Remedy);
        }
        yield return opened;
        if (UsbLatency.Read(place.SerialDevice) is { } latency and > 1)
            yield return Finding.Doubtful(subject, $"its USB adapter holds bytes back for {latency} ms, which every acknowledge pays", "set its latency_timer to 1 (the udev rule in docs/install.md does it)");
    }

    private static async Task<Finding?> PowerAsync(Place place, CancellationToken cancellationToken)
    {
        var subject = $"{place.Name} power";
        IPowerSwitch power;
        if (place.Power?.ScpiAddress is { } address)
            power = new ScpiSupply(place.Name, address);
        else if (place.Power?.Command is { } command)
            power = new CommandSwitch(place.Name, command);
        else
            return null;
        try
        {
            return await power.MeasureVoltsAsync(cancellationToken) switch
            {
                null => Finding.Well(subject, $"{power.Name} measures nothing; whether it switches, the first cut will tell"),
                { } volts when BoardPower.IsOn(volts) => Finding.Well(subject, FormattableString.Invariant($"{power.Name} measures {volts:0.00} V")),
                { } volts => Finding.Doubtful(subject, FormattableString.Invariant($"{power.Name} measures {volts:0.00} V: the board is off"), "a run switches it on; switch it on by hand to check the probe"),
            };
        }
        catch (RigException exception)
        {
            return Finding.Broken(subject, exception.Message, "correct `power` in the places file, or mend what it names");
        }
    }

    private static async Task<Finding> ProbeAsync(Place place, CancellationToken cancellationToken)
    {
        var subject = $"{place.Name} probe";
        await using var probe = new PyOcdProbe(place.Probe);
        try
        {
            await probe.ConnectAsync(cancellationToken);
            var id = "";
            foreach (var address in place.Board.UniqueId)
                id += $"{await probe.ReadWordAsync(address, cancellationToken):X8}";
            return Finding.Well(subject, $"{place.Probe.Uid} sees the chip {id}");
        }
        catch (RigException exception)
        {
            return Finding.Broken(subject, exception.Message, "check `pyocd list`, the board's power, the SWD cable, and pyOCD's udev rules (docs/install.md)");
        }
    }
}
