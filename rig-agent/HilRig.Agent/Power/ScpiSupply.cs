using System.Globalization;
using System.Net.Sockets;
using System.Text;
using HilRig.Agent.Places;

namespace HilRig.Agent.Power;

/// <summary>A power supply that speaks SCPI over TCP. Its output feeds the board; bit 0 of its digital port, where wired, holds the boot pin low.</summary>
public sealed partial class ScpiSupply(string place, string address, BenchTrace? trace = null) : IPowerSwitch
{
    public string Name => $"supply {address}";

    /// <summary>Switches its output; a supply that answers <c>OUTP?</c> has taken the command.</summary>
    public Task SwitchAsync(PowerState state, CancellationToken cancellationToken) =>
        AskAsync($"OUTP {(state == PowerState.On ? "ON" : "OFF")};OUTP?", cancellationToken);

    /// <summary>Holds the boot pin low, or lets it go.</summary>
    public Task DriveBootPinAsync(BootPin pin, CancellationToken cancellationToken) =>
        AskAsync($"DIG:OUTP:DATA {(pin == BootPin.Held ? 1 : 0)};DIG:OUTP:DATA?", cancellationToken);

    public async Task<double?> MeasureVoltsAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync("MEAS:VOLT?", cancellationToken);
        return double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out var volts)
            ? volts
            : throw new RigException("power", $"place {place}: supply {address} answered `{answer}` to MEAS:VOLT?, expected a number of volts");
    }

    /// <summary>Sends one line that ends in a query and returns the last answer; one connection a question, so a supply that was restarted does no harm.</summary>
    private async Task<string> AskAsync(string line, CancellationToken cancellationToken)
    {
        var began = trace?.Now ?? 0;
        string? answer = null;
        try
        {
            return answer = await Policies.Supply.ExecuteAsync(async token => await AskOnceAsync(line, token), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or Polly.Timeout.TimeoutRejectedException)
        {
            throw new RigException("power", $"place {place}: supply {address} did not answer `{line}`: {exception.Message}; check that it is on and reachable", exception);
        }
        finally
        {
            trace?.Add(BenchLane.Power, began, answer is null ? line : $"{line} → {answer}", failed: answer is null);
        }
    }

    private async Task<string> AskOnceAsync(string line, CancellationToken cancellationToken)
    {
        var separator = address.LastIndexOf(':');
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address[..separator], int.Parse(address[(separator + 1)..], CultureInfo.InvariantCulture), cancellationToken);
        var stream = client.GetStream();
        foreach (var command in line.Split(';'))
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync(cancellationToken) ?? throw new IOException("the connection was closed");
    }
}

/// <summary>The line that keeps a starting board in its bootloader.</summary>
public enum BootPin
{
    Free,
    Held,
}
