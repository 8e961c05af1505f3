using System.Text;

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
}
