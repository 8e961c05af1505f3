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
    /// what the step threw                     | witnesses                     | verdict       layer         code
    /// ----------------------------------------+-------------------------------+------------------------------------------
    /// content differs, seen by SWD            | (SWD is the witness)          | Fail          product       its own
    /// the sequence asks the impossible        | –                             | Inconclusive  sequence      sequence
    /// probe, supply or serial device          | –                             | Error         rig           rig
    /// a cut of power that nothing measured    | –                             | Error         rig           cut-not-performed
    /// status about the link (see below)       | –                             | Inconclusive  undetermined  the status
    /// status that accuses the request         | the map says: rightly         | Inconclusive  sequence      the status
    ///                                         | the map says nothing          | Inconclusive  undetermined  the status
    /// 10203                                   | SWD finds flash in use        | Inconclusive  sequence      the status
    /// any other status in a CRC-valid packet  | probe or supply is silent     | Inconclusive  undetermined  the status
    ///                                         | SWD finds all as intended     | Fail          product       said-failed-wrote-right
    ///                                         | SWD finds it never erased     | Fail          product       said-erased-did-not
    ///                                         | probe and supply answer       | Fail          product       the status
    /// silence or nonsense on the line         | supply off, by the run itself | Inconclusive  sequence      supply-off
    ///                                         | supply off                    | Error         rig           supply-off
    ///                                         | a stray reset by the supply   | Error         rig           supply-dropped
    ///                                         | a stray reset by the pin      | Error         rig           reset-pin
    ///                                         | a stray reset by the watchdog | Fail          product       watchdog
    ///                                         | a stray reset by a lockup     | Fail          product       lockup
    ///                                         | flash controller still busy   | Fail          product       flash-busy
    ///                                         | core halted by a debugger     | Error         rig           core-halted
    ///                                         | core locked up                | Fail          product       lockup
    ///                                         | core stuck, but not in an     |
    ///                                         |   application written in part | Fail          product       core-stuck
    ///                                         | core resets again and again   | Fail          product       reset-loop
    ///                                         | core alive, and the image's   |
    ///                                         |   BCA leaves the UART out     | Inconclusive  sequence      uart-left-out
    ///                                         | core alive, or held in reset  | Inconclusive  undetermined  no-response
    ///                                         | the probe is silent too       | Inconclusive  undetermined  no-response
    /// anything else                           | –                             | Error         rig           its type
    /// </code>
    /// A core that is alive accuses nobody: a line that loses bytes looks the same. A status that accuses the request accuses board and
    /// sequence alike where the map cannot decide; reruns on other releases do (<see cref="Attribution"/>).
    /// </summary>
    public static Judgement Of(Exception exception, WitnessReport witnesses) => exception switch
    {
        DutFailureException product => new(Verdict.Fail, Layer.Product, product.Failure),
        SequenceStepException sequence => new(Verdict.Inconclusive, Layer.Sequence, new Failure(sequence.Operation, "sequence", "", sequence.Message)),
        RigException rig => new(Verdict.Error, Layer.Rig, new Failure(rig.Subject, rig.Code, "", rig.Message)),
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
        if (IsAboutTheLink(exception))
            return new Judgement(Verdict.Inconclusive, Layer.Undetermined, failure);
        if (RequestWitness.IsAccused(exception.Status) && witnesses.Request != RequestState.Sound)
            return new Judgement(Verdict.Inconclusive, witnesses.Request == RequestState.Refusable ? Layer.Sequence : Layer.Undetermined, failure);
        if (!witnesses.ProbeAnswers || !witnesses.SupplyIsOn)
            return new Judgement(Verdict.Inconclusive, Layer.Undetermined, failure);
        if (witnesses.Content == ContentState.InUse)
            return new Judgement(Verdict.Inconclusive, Layer.Sequence, failure with { Message = $"{failure.Message}; {ContentWitness.InWords(witnesses.Content)}" });
        return new Judgement(Verdict.Fail, Layer.Product, witnesses.Content switch
        {
            ContentState.AsIntended => Against(failure, Disagreement.SaidFailedWroteRight, witnesses),
            ContentState.NeverErased => Against(failure, Disagreement.SaidErasedDidNot, witnesses),
            _ => failure,
        });
    }

    /// <summary>The status stays in the fingerprint: two lies about one command are two findings.</summary>
    private static Failure Against(Failure claim, string code, WitnessReport witnesses) =>
        claim with { Code = code, CodeName = $"{claim.Code} {claim.CodeName}".TrimEnd(), Message = $"{claim.Message}; {ContentWitness.InWords(witnesses.Content)}" };

    private static Judgement OfSilence(string operation, string code, string message, WitnessReport witnesses)
    {
        var failure = new Failure(operation, code, "", $"{message}; {witnesses.InWords}");
        if (!witnesses.SupplyIsOn)
            return new Judgement(witnesses.SupplyWasTaken ? Verdict.Inconclusive : Verdict.Error, witnesses.SupplyWasTaken ? Layer.Sequence : Layer.Rig, failure with { Code = "supply-off" });
        if (witnesses.Stray is StrayReset.Supply or StrayReset.Pin)
            return new Judgement(Verdict.Error, Layer.Rig, failure with { Code = witnesses.Stray == StrayReset.Supply ? "supply-dropped" : "reset-pin" });
        if (witnesses.Stray is StrayReset.Watchdog or StrayReset.Lockup || witnesses.IsFlashBusy)
            return new Judgement(Verdict.Fail, Layer.Product, failure with { Code = OfChip(witnesses) });
        return witnesses.Core switch
        {
            CoreState.Halted => new Judgement(Verdict.Error, Layer.Rig, failure with { Code = "core-halted" }),
            CoreState.LockedUp => new Judgement(Verdict.Fail, Layer.Product, failure with { Code = "lockup" }),
            CoreState.Stuck => new Judgement(Verdict.Fail, Layer.Product, failure with { Code = "core-stuck" }),
            CoreState.ResetLoop => new Judgement(Verdict.Fail, Layer.Product, failure with { Code = "reset-loop" }),
            _ when witnesses.IsUartLeftOut => new Judgement(Verdict.Inconclusive, Layer.Sequence, failure with { Code = "uart-left-out" }),
            _ => new Judgement(Verdict.Inconclusive, Layer.Undetermined, failure),
        };
    }

    private static string OfChip(WitnessReport witnesses) => witnesses.Stray switch
    {
        StrayReset.Watchdog => "watchdog",
        StrayReset.Lockup => witnesses.Core == CoreState.ResetLoop ? "reset-loop" : "lockup",
        _ => "flash-busy",
    };

    /// <summary>
    /// The device says that bytes did not come in time or came wrong: true of a bad cable as of a bad bootloader.
    /// KBOOT 2.0 answers 5 for a stalled field, 10002 and 10003 for a data phase that was broken off, and, in a data
    /// phase, 1 for a packet whose type byte is not that of data or of an acknowledge (serial_packet.c looks at it before the CRC).
    /// </summary>
    private static bool IsAboutTheLink(BootloaderStatusException exception) =>
        exception.Status is StatusCode.Timeout or StatusCode.AbortDataPhase or StatusCode.Ping or StatusCode.NoTransferInProgress
        || (exception is { Status: StatusCode.Fail, Command: CommandTag.WriteMemory or CommandTag.ReceiveSbFile or CommandTag.ReadMemory or CommandTag.FlashReadResource });
}
