namespace HilRig.Server.Security;

/// <summary>
/// One laptop needs nothing but the binary: a server that listens on loopback alone and has no accounts takes everybody who reaches it for
/// its owner. The first account closes this door for good (docs/decisions/0004).
/// </summary>
internal sealed class LocalDoor(bool listensLocally)
{
    private volatile bool hasAccounts = !listensLocally;

    public bool IsOpen => !hasAccounts;

    /// <summary>Asked before each request until the door is closed.</summary>
    public async Task LookAsync(PersonStore people, CancellationToken cancellationToken)
    {
        if (!hasAccounts && await people.HasAccountsAsync(cancellationToken))
            hasAccounts = true;
    }
}
