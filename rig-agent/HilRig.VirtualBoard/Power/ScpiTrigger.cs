using System.Globalization;

namespace HilRig.VirtualBoard.Power;

/// <summary>The trigger words of SCPI, in their short forms: what arms the supply and what it then waits for.</summary>
internal sealed class ScpiTrigger(SupplyTrigger trigger)
{
    private const int WaitingForTrigger = 1 << 5; // of the operation status register
    private const double MaxDelay = 3600;

    /// <summary>False when the words are none of these; a query leaves its <paramref name="answer"/>.</summary>
    public bool TryExecute(string header, string argument, out string? answer)
    {
        answer = null;
        switch (header)
        {
            case "TRIG:SOUR?":
                answer = trigger.Source == TriggerSource.External ? "EXT" : "BUS";
                return true;
            case "TRIG:SOUR" when argument is "EXT" or "EXTERNAL" or "BUS":
                trigger.Source = argument == "BUS" ? TriggerSource.Bus : TriggerSource.External;
                return true;
            case "TRIG:COUN?":
                answer = trigger.Count.ToString(CultureInfo.InvariantCulture);
                return true;
            case "TRIG:COUN" when int.TryParse(argument, CultureInfo.InvariantCulture, out var count) && count >= 1:
                trigger.Count = count;
                return true;
            case "TRIG:DEL?":
                answer = trigger.Delay.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                return true;
            case "TRIG:DEL" when double.TryParse(argument, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= MaxDelay:
                trigger.Delay = TimeSpan.FromSeconds(seconds);
                return true;
            case "INIT":
                trigger.Arm();
                return true;
            case "ABOR":
                trigger.Disarm();
                return true;
            case "*TRG":
                trigger.Fire();
                return true;
            case "STAT:OPER:COND?":
                answer = (trigger.IsWaiting ? WaitingForTrigger : 0).ToString(CultureInfo.InvariantCulture);
                return true;
            case "DIG:INP:DATA?":
                answer = trigger.IsLineHigh ? "1" : "0";
                return true;
            default:
                return false;
        }
    }
}
