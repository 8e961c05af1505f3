using HilRig.Agent.Hub;
using HilRig.Tests.Server;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Hub;

public class EvidenceUploadTests
{
    [Test]
    public void The_end_of_a_run_is_acknowledged_where_nothing_has_ever_failed()
    {
        using var upload = new EvidenceUpload(new Uri("http://127.0.0.1:1"), Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), null, NullLogger.Instance);

        Assert.That(() => upload.Acknowledge(new RunScript("r-1").Cycle().End().Batch()), Throws.Nothing);
    }
}
