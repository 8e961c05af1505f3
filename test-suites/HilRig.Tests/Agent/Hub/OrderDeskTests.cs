using HilRig.Agent.Hub;
using HilRig.Agent.Running;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Tests.Agent.Places;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Hub;

public class OrderDeskTests
{
    [Test]
    public async Task A_run_that_is_stopped_before_it_began_ends_as_stopped()
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-desk-").FullName;
        // Nobody accepts on this port's backlog of connections: the image never comes, and the run waits for it.
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var server = new Uri($"http://{silent.LocalEndpoint}");
        using (var shelf = new JournalShelf(folder, TimeProvider.System))
        using (var artifacts = new ArtifactStore(server, folder))
        using (var sender = new EventSender(shelf, NullLogger.Instance))
        {
            var desk = new OrderDesk("a", [SamplePlace.WithPower], shelf, sender, artifacts, new StateFolder(folder), TimeProvider.System, NullLogger.Instance);
            await desk.StartRun(new RunOrder("r", 1, "p1", "s.yaml", "sequence: s\nboard: kv58\nsteps: [ping]", "i.bin", new string('0', 64), 1, 1, null));

            await desk.StopRun("r");
            await desk.DisposeAsync();

            var end = (RunEnded)shelf.All().Single().ReadAfter(0, 10)[^1].Body;
            Assert.That((end.Verdict, end.Reason), Is.EqualTo((Verdict.Aborted, EndReason.Aborted)), end.Message);
        }
        Directory.Delete(folder, recursive: true);
    }
}
