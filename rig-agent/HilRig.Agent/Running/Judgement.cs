using HilRig.Agent.Bootloader;
using HilRig.Agent.Serial;
using HilRig.Kboot;
using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>Verdict, layer and failure of a step that did not pass.</summary>
public sealed record Judgement(Verdict Verdict, Layer Layer, Failure Failure)
{
    /// <summary>
    /// The one rule of who is to blame. Rows are tried from the top:
    /// <code>
    /// what the step threw                     | witnesses              | verdict       layer
    /// ----------------------------------------+------------------------+--------------------------
    /// content differs, seen by SWD            | (SWD is the witness)   | Fail          product
    /// the sequence asks the impossible        | –                      | Inconclusive  sequence
    /// probe, supply or serial device          | –                      | Error         rig
    /// status about the link (see below)       | –                      | Inconclusive  undetermined
    /// any other status in a CRC-valid packet  | probe and supply answer| Fail          product
    ///                                         | they do not            | Inconclusive  undetermined
    /// silence or nonsense on the line         | supply off             | Error         rig
    ///                                         | core locked up         | Fail          product
    ///                                         | otherwise              | Inconclusive  undetermined
    /// anything else                           | –                      | Error         rig
    /// </code>
    /// </summary>
    public static Judgement Of(Exception exception, WitnessReport witnesses) => exception switch
    {
        DutFailureException product => new(Verdict.Fail, Layer.Product, product.Failure),
        SequenceStepException sequence => new(Verdict.Inconclusive, Layer.Sequence, new Failure(sequence.Operation, "sequence", "", sequence.Message)),
        RigException rig => new(Verdict.Error, Layer.Rig, new Failure(rig.Subject, "rig", "", rig.Message)),
        SerialLinkException serial => new(Verdict.Error, Layer.Rig, new Failure("serial", "rig", "", serial.Message)),
        BootloaderStatusException status => OfStatus(status, witnesses),
        LinkSilenceException silence => OfSilence(silence.Operation, "no-response", silence.Message, witnesses),
        LinkProtocolException protocol => OfSilence(protocol.Operation, "protocol", protocol.Message, witnesses),
        _ => new(Verdict.Error, Layer.Rig, new Failure("agent", exception.GetType().Name, "", exception.Message)),
    };

    private static Judgement OfStatus(BootloaderStatusException exception, WitnessReport witnesses)
    {
        var failure = new Failure(
            exception.Command.ToManualName(),
            ((uint)exception.Status).ToString(System.Globalization.CultureInfo.InvariantCulture),
            exception.Status.ToManualName(),
            exception.Message);
        return !IsAboutTheLink(exception) && witnesses.ProbeAnswers && witnesses.SupplyIsOn
            ? new Judgement(Verdict.Fail, Layer.Product, failure)
            : new Judgement(Verdict.Inconclusive, Layer.Undetermined, failure);
    }

    private static Judgement OfSilence(string operation, string code, string message, WitnessReport witnesses)
    {
        var failure = new Failure(operation, code, "", $"{message}; {witnesses.InWords}");
        if (!witnesses.SupplyIsOn)
            return new Judgement(Verdict.Error, Layer.Rig, failure with { Code = "supply-off" });
        return witnesses.CoreIsLockedUp
            ? new Judgement(Verdict.Fail, Layer.Product, failure with { Code = "lockup" })
            : new Judgement(Verdict.Inconclusive, Layer.Undetermined, failure);
    }

    /// <summary>
    /// The device says that bytes did not come in time or came wrong: true of a bad cable as of a bad bootloader.
    /// KBOOT 2.0 answers 5 for a stalled field, 10002 and 10003 for a data phase that was broken off, and, in a write's
    /// data phase, 1 for a packet whose type byte is not that of data (serial_packet.c looks at it before the CRC).
    /// </summary>
    private static bool IsAboutTheLink(BootloaderStatusException exception) =>
        exception.Status is StatusCode.Timeout or StatusCode.AbortDataPhase or StatusCode.Ping or StatusCode.NoTransferInProgress
        || (exception is { Status: StatusCode.Fail, Command: CommandTag.WriteMemory or CommandTag.ReceiveSbFile });
}
