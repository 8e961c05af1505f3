using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Places;

/// <summary>The first contact with a board: by its debug port.</summary>
public static class BenchAttachment
{
    /// <summary>
    /// Attaches. Where no core is to be had, the MDM-AP is asked, which answers on a secured part too: a part that locks everybody out is
    /// the board's failure, not its probe's.
    /// </summary>
    public static async Task AttachAsync(this PyOcdProbe probe, string place, CancellationToken cancellationToken)
    {
        try
        {
            await probe.ConnectAsync(cancellationToken);
        }
        catch (ProbeException unreachable)
        {
            var status = await TryReadStatusAsync(probe, cancellationToken);
            if (status is { IsSecured: true })
                throw new DutFailureException(new Failure("attach", "secured", "", $"place {place}: the part is secured or blank (MDM-AP {status}): the debug port answers and no core does; `mass-erase` and `install-release` open it, and lose what is in it"));
            throw new ProbeException(unreachable.Message, unreachable.IsWorthRestart, unreachable);
        }
    }

    private static async Task<MdmStatus?> TryReadStatusAsync(PyOcdProbe probe, CancellationToken cancellationToken)
    {
        try
        {
            return await probe.ReadMdmStatusAsync(cancellationToken);
        }
        catch (ProbeException)
        {
            return null;
        }
    }
}
