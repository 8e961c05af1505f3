using HilRig.Agent.Serial;
using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>
/// Talks to a KBOOT 2.0 bootloader over a serial link, which it owns. A whole command runs on one thread of its own;
/// callers await commands. Commands queue up in the order of the calls.
/// <para>Every call may throw <see cref="BootloaderStatusException"/> (the device said no), <see cref="LinkSilenceException"/>
/// (a deadline passed), <see cref="LinkProtocolException"/> (bytes without sense) and <see cref="SerialLinkException"/> (the
/// port failed). Nothing is tried again without being counted in <see cref="Counters"/>. After any of these but the first,
/// and after a cancellation, the next command resynchronises first.</para>
/// </summary>
public sealed partial class BootloaderClient : IAsyncDisposable
{
    private readonly ISerialLink serial;
    private readonly BootloaderTimeouts timeouts;
    private readonly PacketLink link;
    private readonly Session session;
    private readonly CommandExchange exchange;
    private readonly OutgoingData outgoing;
    private readonly IncomingData incoming;
    private readonly LinkThread thread;
    private bool disposed;

    public BootloaderClient(ISerialLink link, BootloaderTimeouts timeouts, TimeProvider time)
    {
        serial = link;
        this.timeouts = timeouts;
        Trace = new LinkTrace(time);
        this.link = new PacketLink(link, timeouts, time, Trace);
        session = new Session(this.link, timeouts);
        exchange = new CommandExchange(this.link, timeouts);
        outgoing = new OutgoingData(this.link, exchange, timeouts);
        incoming = new IncomingData(this.link, exchange, timeouts);
        thread = new LinkThread($"kboot {link.Name}");
        NoteLineErrors();
    }

    /// <summary>What happened on the link so far.</summary>
    public LinkCounters Counters => link.Counters;

    /// <summary>The last packets both ways.</summary>
    public LinkTrace Trace { get; }

    /// <summary>
    /// One ping, and after each unanswered one another, at most <see cref="BootloaderTimeouts.ExtraPings"/>, counted. The first
    /// answered ping of a session also listens for what a session that died before may still have to say.
    /// </summary>
    public Task<PingResponse> PingAsync(CancellationToken cancellationToken) => OnThread(session.Ping, cancellationToken);

    /// <summary>Pings, drains the line, ACKs leftovers of a dead session and pings again until only the ping is answered.</summary>
    public Task ResynchroniseAsync(CancellationToken cancellationToken) => OnThread(session.Resynchronise, cancellationToken);

    /// <summary>The board was reset or rewritten behind the client's back: the next command resynchronises first.</summary>
    public void ForgetSession() => session.Lose();

    /// <summary>Closes and opens the port, drops what had arrived, and pings: what a tool does that runs once a command.</summary>
    public Task<PingResponse> ReconnectAsync(CancellationToken cancellationToken) =>
        OnThread(
            token =>
            {
                serial.Close();
                link.DiscardInput();
                return session.Ping(token);
            },
            cancellationToken);

    /// <summary>Closes and opens the port and drops what had arrived: for a link that may then run at another rate.</summary>
    public Task ReopenAsync(CancellationToken cancellationToken) =>
        OnThread(
            _ =>
            {
                session.Lose();
                serial.Close();
                link.DiscardInput();
                return true;
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        await thread.DisposeAsync();
        serial.Dispose();
    }

    /// <summary>Runs <paramref name="work"/> in an open session.</summary>
    private Task<T> CommandAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken) =>
        OnThread(
            token =>
            {
                session.EnsureOpen(token);
                return work(token);
            },
            cancellationToken);

    private Task<T> OnThread<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return thread.RunAsync(
            token =>
            {
                try
                {
                    return work(token);
                }
                catch (BootloaderStatusException error)
                {
                    error.Asked = exchange.Asked;
                    throw;
                }
                catch
                {
                    session.Lose();
                    throw;
                }
                finally
                {
                    NoteLineErrors();
                }
            },
            cancellationToken);
    }

    private void NoteLineErrors() => link.Counters.Line = serial.LineErrors ?? link.Counters.Line;

    /// <summary>A command without data phase. Returns the words after the status.</summary>
    private uint[] Run(in CommandPacket command, CommandTag responseTag, TimeSpan budget, CancellationToken cancellationToken)
    {
        var response = exchange.Run(command, responseTag, budget, cancellationToken);
        ThrowUnlessSuccess(command.Tag, response);
        var words = new uint[response.ParameterCount - 1];
        for (var index = 0; index < words.Length; index++)
            words[index] = response[index + 1];
        return words;
    }

    private Task<uint[]> CommandAsync(CommandTag tag, TimeSpan budget, CancellationToken cancellationToken, params uint[] parameters) =>
        CommandAsync(token => Run(new CommandPacket(tag, 0, parameters), CommandTag.GenericResponse, budget, token), cancellationToken);

    private static void ThrowUnlessSuccess(CommandTag tag, in CommandPacket response)
    {
        if (response.Status() != StatusCode.Success)
            throw new BootloaderStatusException(tag, response.Status(), 0);
    }
}
