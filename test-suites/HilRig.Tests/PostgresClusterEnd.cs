using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests;

/// <summary>Ends the cluster with the last test of all: its namespace is what a set-up fixture waits for.</summary>
[SetUpFixture]
public sealed class PostgresClusterEnd
{
    [OneTimeTearDown]
    public void Stop() => PostgresCluster.Stop();
}
