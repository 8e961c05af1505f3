using System.Text;
using System.Text.RegularExpressions;

namespace HilRig.Agent.Bootloader;

/// <content>What is said to an application that shares the port, not to the bootloader.</content>
public sealed partial class BootloaderClient
{
    /// <summary>Sends a line of text as it is, for example an application's own command that starts the bootloader.</summary>
    public Task SendTextAsync(string text, CancellationToken cancellationToken) =>
        OnThread(
            _ =>
            {
                serial.Write(Encoding.ASCII.GetBytes(text));
                session.Lose();
                return true;
            },
            cancellationToken);

    /// <summary>Drops what was said so far: what comes next is about what happens next.</summary>
    public Task ForgetTextAsync(CancellationToken cancellationToken) =>
        OnThread(
            _ =>
            {
                link.DiscardInput();
                session.Lose();
                return true;
            },
            cancellationToken);

    /// <summary>Reads what an application says until it matches; throws <see cref="LinkSilenceException"/> with what it did say.</summary>
    public Task<string> ReadTextAsync(Regex wanted, TimeSpan within, CancellationToken cancellationToken) =>
        OnThread(
            token =>
            {
                session.Lose();
                var (text, buffer, bytes) = (new StringBuilder(), new byte[256], 0L);
                for (var deadline = link.After(within); link.After(TimeSpan.Zero) < deadline;)
                {
                    token.ThrowIfCancellationRequested();
                    var count = serial.Read(buffer, TextPoll);
                    bytes += count;
                    text.Append(Encoding.ASCII.GetString(buffer, 0, count));
                    if (wanted.Match(text.ToString()) is { Success: true } match)
                        return match.Value;
                    if (text.Length > MaxText)
                        text.Remove(0, text.Length - MaxText);
                }
                var said = bytes == 0 ? "" : $"; it said `{Printable(text)}`";
                throw new LinkSilenceException($"no text that matches /{wanted}/", within, bytes, said, "wait-for-app");
            },
            cancellationToken);

    private const int MaxText = 4096;

    private const int ShownText = 80;

    private static readonly TimeSpan TextPoll = TimeSpan.FromMilliseconds(50);

    private static string Printable(StringBuilder text)
    {
        var last = text.ToString(Math.Max(0, text.Length - ShownText), Math.Min(text.Length, ShownText));
        return string.Concat(last.Select(letter => letter is >= ' ' and < (char)0x7F ? letter : '.'));
    }
}
