namespace HilRig.Agent.Probe;

public sealed partial class PyOcdProbe
{
    /// <summary>
    /// Whether a chip answers at the other end of the cable: reads DPIDR, which every powered chip has and a secured one too.
    /// "No ACK" is an answer here and costs no session; throws <see cref="ProbeException"/> where the probe itself failed.
    /// </summary>
    public async Task<bool> SeesTargetAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var pyOcd = await SessionAsync(cancellationToken);
            await pyOcd.RunAsync("readdp 0", Timeouts.Command, cancellationToken);
            return true;
        }
        catch (ProbeException exception) when (exception.Message.Contains("No ACK", StringComparison.Ordinal))
        {
            return false;
        }
        finally
        {
            turn.Release();
        }
    }
}
