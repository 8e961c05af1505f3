using System.Globalization;

namespace HilRig.Agent.Power;

/// <content>The voltage that the supply is set to.</content>
public sealed partial class ScpiSupply
{
    public async Task<double> ReadLevelAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync("VOLT?", cancellationToken);
        return double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out var volts)
            ? volts
            : throw new RigException("power", $"place {place}: supply {address} answered `{answer}` to VOLT?, expected a number of volts");
    }

    public Task SetLevelAsync(double volts, CancellationToken cancellationToken) =>
        AskAsync(FormattableString.Invariant($"VOLT {volts:0.###};VOLT?"), cancellationToken);
}
